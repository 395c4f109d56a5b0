//! Readers of files: every format against an independent writer or a literal, every refusal with its sentence, and
//! arbitrary bytes.

use npyz::WriterBuilder;
use proptest::prelude::*;
use saddlescope::readers::meaning::{Arranged, Meaning, arrange, meanings};
use saddlescope::readers::{ReadError, Table, read};

fn table(text: &str) -> Table {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> String {
    read(text.as_bytes()).err().unwrap_or_else(|| panic!("{text} was read")).to_string()
}

fn numbers(text: &str) -> (Vec<usize>, Vec<f64>) {
    let Table { axes, numbers, .. } = table(text);
    (axes, numbers)
}

#[test]
fn tables_of_text_are_read_whatever_separates_their_cells() {
    let six = (vec![3, 2], vec![1.0, -2.5, 3e-4, 0.25, 5.0, 6.0]);
    for text in [
        "1,-2.5\n3e-4,.25\n5,6\n",
        "1;-2.5\r\n3e-4;.25\r\n5;6",
        "1\t-2.5\n3e-4\t.25\n5\t6\n",
        "  1   −2.5\n3e-4  .25\n\n5 +6\n",
        "\u{FEFF}h, k\n1,-2.5,\n3e-4,.25,\n5,6,\n",
        "# a remark, and 7\nh k\n1 -2.5\n3e-4 .25\n# more\n5 6",
        "\"1\",\"-2.5\"\n\"3e-4\",\".25\"\n5,6",
        "[[1, -2.5], [3e-4, 0.25], [5, 6]]",
        " [[1,-2.5],[3e-4,2.5e-1],[5,6.0]] ",
    ] {
        assert_eq!(numbers(text), six, "{text}");
    }
    let three = (vec![3], vec![1.0, 2.0, 3.0]);
    for text in ["1\n2\n3", "1,2,3", "1 2 3\n", "h\n1\n2\n3\n", "[1,2,3]", "1;\n2;\n3;\n"] {
        assert_eq!(numbers(text), three, "{text}");
    }
    assert_eq!(numbers("[[[1,2],[3,4]]]"), (vec![1, 2, 2], vec![1.0, 2.0, 3.0, 4.0]));
    assert_eq!(table("1;2").format, "text with semicolons");
}

#[test]
fn every_refusal_of_text_names_its_place() {
    let mut long = "1,2,3\n".repeat(16);
    long.push_str("4,5,abc\n");
    let nested = "lists are nested more than three deep";
    let cases = [
        (long.as_str(), "Row 17, column 3: ‘abc’ is not a number."),
        ("h\n\n1\n# x\nabc", "Row 5, column 1: ‘abc’ is not a number."),
        ("1,2\n3,", "Row 2 has 1 entry; the first one has 2."),
        ("1,2\n,3", "Row 2, column 1: nothing stands there."),
        ("1;2,5", "Row 1, column 2: ‘2,5’ is not a number. Write a decimal point, not a comma."),
        ("1\nnan", "Row 2, column 1: ‘nan’ is not a finite number."),
        ("1 -inf", "Row 1, column 2: ‘-inf’ is not a finite number."),
        ("1e999", "Row 1, column 1: ‘1e999’ is not a finite number."),
        ("1 2\n3", "Row 2 has 1 entry; the first one has 2."),
        ("1 2\n3 4 <b>", "Row 2, column 3: ‘<b>’ is not a number."),
        ("", "There are no numbers in it."),
        (" \n\n", "There are no numbers in it."),
        ("a,b\n", "There are no numbers in it."),
        ("a,b\nc,d", "Row 2, column 1: ‘c’ is not a number."),
        ("[]", "There are no numbers in it."),
        ("[[],[]]", "There are no numbers in it."),
        ("[1, \"x\"]", "Value 2: ‘x’ is not a number."),
        ("[[1,2],[3,null]]", "Row 2, column 2: ‘null’ is not a number."),
        ("[[[1,2],[3,true]]]", "Matrix 1, row 2, column 2: ‘true’ is not a number."),
        ("[{\"h\": 1}]", "Value 1: ‘{…}’ is not a number."),
        ("{\"h\": [1]}", "The file: ‘{…}’ is not a number."),
        ("[[1,2],[3]]", "Row 2 has 1 entry; the first one has 2."),
        ("[[[1,2],[3,4]],[[5,6],[7]]]", "Row 2 of matrix 2 has 1 entry; the first one has 2."),
        ("[[[1],[2]],[[3]]]", "Row 2 has 1 entry; the first one has 2."),
        ("[1,[2]]", "Some numbers stand in more lists than others."),
        ("[[[[1]]]]", &format!("L{}.", &nested[1..])),
        ("[1,2", "This is no JSON list of numbers: EOF while parsing a list at line 1 column 4."),
        ("[1] x", "This is no JSON list of numbers: trailing characters at line 1 column 5."),
        ("[NaN]", "Value 1: ‘NaN’ is not a finite number."),
        ("[[1, 2],\n[3, -Infinity]]", "Row 2, column 2: ‘-Infinity’ is not a finite number."),
        ("[1, abc ]", "Value 2: ‘abc’ is not a number."),
        ("[1,,2]", "Value 2: nothing stands there."),
    ];
    for (text, sentence) in cases {
        assert_eq!(refused(text), sentence, "{text}");
    }
}

#[test]
fn what_is_no_text_is_named() {
    let said = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert_eq!(
        said(b"1,2\n3,\xFF4"),
        "Byte 7 is no UTF-8 text, and this is no .npy file. Numbers are read from CSV, TSV, JSON and .npy."
    );
    assert!(said(b"PK\x03\x04....").starts_with("This file is an archive (.npz"));
    for start in [&b"\x80\x02x"[..], b"\x80\x04x", b"\x80\x05x"] {
        assert!(said(start).starts_with("This file is a pickle, which is a program"));
    }
    assert_eq!(said(b"\x1F\x8B\x08"), "This file is compressed with gzip: unpack it first.");
    assert_eq!(said(b"\x89HDF\r\n"), "This file is HDF5: save one array with numpy.save.");
    assert_eq!(said(b"\xFF\xFE1\x00"), "This file is UTF-16 text: save it as UTF-8.");
    assert_eq!(said(&vec![b'1'; 64_000_001]), "The file has 65 MB; at most 64 MB are read.");
    let many = "1\n".repeat(4_000_001);
    assert_eq!(said(many.as_bytes()), "There are more than 4000000 numbers.");
    let many = format!("[{}1]", "1,".repeat(4_000_000));
    assert_eq!(said(many.as_bytes()), "There are more than 4000000 numbers.");
}

/// Written by npyz.
fn npy<T: npyz::AutoSerialize + Copy>(axes: &[u64], order: npyz::Order, numbers: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = npyz::WriteOptions::new()
        .default_dtype()
        .shape(axes)
        .order(order)
        .writer(&mut bytes)
        .begin_nd()
        .unwrap();
    writer.extend(numbers.iter().copied()).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn npy_files_are_read_as_another_library_writes_them() {
    let doubles: Vec<f64> = (0..24).map(|i| f64::from(i) / 7.0 - 1.0).collect();
    for axes in [&[24][..], &[6, 4], &[2, 3, 4], &[6, 2, 2]] {
        let found = read(&npy(axes, npyz::Order::C, &doubles)).unwrap();
        assert_eq!(found.axes, axes.iter().map(|axis| *axis as usize).collect::<Vec<_>>());
        assert_eq!(found.numbers, doubles);
        let singles: Vec<f32> = doubles.iter().map(|x| *x as f32).collect();
        let found = read(&npy(axes, npyz::Order::C, &singles)).unwrap();
        assert_eq!(found.numbers, singles.iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
    }
}

#[test]
fn fortran_order_is_turned_round() {
    // Entry (i, j, k) is 100 i + 10 j + k, written with the first axis fastest.
    let entry = |i: usize, j: usize, k: usize| (100 * i + 10 * j + k) as f64;
    let mut stored = Vec::new();
    let mut expected = Vec::new();
    for k in 0..4 {
        for j in 0..3 {
            stored.extend((0..2).map(|i| entry(i, j, k)));
        }
    }
    for i in 0..2 {
        for j in 0..3 {
            expected.extend((0..4).map(|k| entry(i, j, k)));
        }
    }
    let found = read(&npy(&[2, 3, 4], npyz::Order::Fortran, &stored)).unwrap();
    assert_eq!((found.axes, found.numbers), (vec![2, 3, 4], expected));
    assert_eq!(found.format, ".npy, Fortran order");
}

/// A file with a header of one's own.
fn with_header(version: u8, header: &str, rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    if version == 1 {
        bytes.extend((header.len() as u16).to_le_bytes());
    } else {
        bytes.extend((header.len() as u32).to_le_bytes());
    }
    bytes.extend(header.as_bytes());
    bytes.extend(rest);
    bytes
}

#[test]
fn every_refusal_of_an_npy_file_has_its_sentence() {
    let good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
    let one = 1.0_f64.to_le_bytes();
    for version in [1, 2, 3] {
        assert_eq!(read(&with_header(version, good, &one)).unwrap().numbers, [1.0]);
    }
    let other_order = "{'shape': (1,), 'fortran_order': False, 'descr': '>f8'}";
    assert_eq!(read(&with_header(1, other_order, &1.0_f64.to_be_bytes())).unwrap().numbers, [1.0]);
    let single = good.replace("<f8", ">f4");
    assert_eq!(read(&with_header(1, &single, &1.5_f32.to_be_bytes())).unwrap().numbers, [1.5]);

    let said = |version: u8, header: &str, rest: &[u8]| {
        read(&with_header(version, header, rest)).unwrap_err().to_string()
    };
    assert_eq!(said(9, good, &one), "Version 9 of .npy is not known; 1 to 3 are.");
    assert_eq!(said(1, "{'descr': '<f8'}", &one), "The header of the .npy file is not understood.");
    assert_eq!(
        said(1, &good.replace("<f8", "<i8"), &one),
        "The numbers are of type ‘<i8’; save them as doubles: numpy.save(name, array.astype('f8'))."
    );
    assert_eq!(
        said(1, &good.replace("'<f8'", "[('a', '<f8')]"), &one),
        "The numbers are of type ‘[('a', '<f8')’; save them as doubles: numpy.save(name, array.astype('f8'))."
    );
    assert_eq!(
        said(1, &good.replace("(1,)", "()"), &one),
        "The array has 0 axes; one, two or three are read."
    );
    assert_eq!(
        said(1, &good.replace("(1,)", "(1, 1, 1, 1)"), &one),
        "The array has 4 axes; one, two or three are read."
    );
    assert_eq!(said(1, &good.replace("(1,)", "(0,)"), &one), "There are no numbers in it.");
    assert_eq!(
        said(1, &good.replace("(1,)", "(4000, 1001)"), &one),
        "There are 4004000 numbers, at most 4000000 are allowed."
    );
    assert_eq!(
        said(1, &good.replace("(1,)", "(2,)"), &one),
        "2 numbers of 8 bytes are promised, but 8 bytes follow."
    );
    let two = [one, f64::NAN.to_le_bytes()].concat();
    assert_eq!(said(1, &good.replace("(1,)", "(2,)"), &two), "Value 2: ‘NaN’ is not a finite number.");
    let three = [one, f64::INFINITY.to_le_bytes()].concat();
    assert_eq!(
        said(1, &good.replace("(1,)", "(1, 1, 2)"), &three),
        "Matrix 1, row 1, column 2: ‘inf’ is not a finite number."
    );
    let whole = with_header(1, good, &one);
    for end in 6..whole.len() - 8 {
        assert_eq!(
            read(&whole[..end]).unwrap_err().to_string(),
            "The .npy file ends inside its header.",
            "{end}"
        );
    }
    assert_eq!(said(1, "\u{7f}", &one), "The header of the .npy file is not understood.");
    let mut bytes = whole.clone();
    bytes[12] = 0xFF;
    assert_eq!(read(&bytes).unwrap_err().to_string(), "The header of the .npy file is no text.");
}

fn arranged(text: &str, meaning: Meaning) -> Result<Arranged, ReadError> {
    arrange(table(text), meaning)
}

#[test]
fn what_a_table_may_mean_depends_on_its_shape_and_on_what_is_taken() {
    use Meaning::{Column, Matrices, OneMatrix, Values, Vectors};
    let all = |text: &str, taken: &[usize]| meanings(&table(text), taken).unwrap();
    assert_eq!(all("1 2 3", &[1]), [Values]);
    assert_eq!(all("1 2\n3 4\n5 6", &[1]), [Column(0), Column(1), Values]);
    assert_eq!(all("1 2\n3 4\n5 6", &[2, 3]), [Vectors]);
    assert_eq!(all("1 2 2 1\n3 4 4 3", &[2, 3]), [Vectors, Matrices]);
    assert_eq!(all("1 2\n2 1", &[2, 3]), [Vectors, OneMatrix]);
    assert_eq!(all("[[[1,2],[2,1]]]", &[2, 3]), [Matrices]);
    assert_eq!(all("[[[1]],[[2]]]", &[1]), [Values]);
    let sentence = meanings(&table("[[[1,2],[2,1]]]"), &[1]).unwrap_err().to_string();
    assert_eq!(sentence, "An array of 1 × 2 × 2 numbers does not fit here: this lab takes plain numbers.");
    let sentence = meanings(&table("1 2 3"), &[2, 3]).unwrap_err().to_string();
    assert_eq!(
        sentence,
        "An array of 3 numbers does not fit here: this lab takes vectors and square matrices."
    );
    let found = table("1 2 2 1\n3 4 4 3");
    let labels: Vec<String> = all("1 2 2 1\n3 4 4 3", &[2, 3]).iter().map(|one| one.label(&found)).collect();
    assert_eq!(
        labels,
        [
            "each of 2 rows is an input x; its Hessian is x xᵀ",
            "each of 2 rows is a Hessian of 2 × 2, row by row"
        ]
    );
    assert_eq!(Column(1).name(), "column-2");

    let shape = |text: &str, meaning| arranged(text, meaning).unwrap().shape.to_string();
    assert_eq!(shape("1 2\n3 4\n5 6", Column(1)), "3");
    assert_eq!(arranged("1 2\n3 4\n5 6", Column(1)).unwrap().numbers, [2.0, 4.0, 6.0]);
    assert_eq!(shape("1 2\n3 4\n5 6", Values), "6");
    assert_eq!(shape("1 2\n3 4\n5 6", Vectors), "3x2");
    assert_eq!(shape("1 2 2 1\n3 4 4 3", Matrices), "2x2x2");
    assert_eq!(shape("1 2\n2 1", OneMatrix), "1x2x2");
    assert_eq!(shape("[[[1,2],[2,1]]]", Matrices), "1x2x2");
    let sentence = arranged("[[[1,2,3],[2,1,4]]]", Matrices).unwrap_err().to_string();
    assert_eq!(sentence, "The shape 1x2x3 is no list of square matrices.");
}

#[test]
fn asymmetric_matrices_are_refused_and_rounding_is_removed() {
    let sentence = arranged("[[[1,2],[2,1]],[[1,0.5],[0.7,1]]]", Meaning::Matrices).unwrap_err().to_string();
    assert_eq!(
        sentence,
        "Matrix 2: row 1, column 2 is 0.5, but row 2, column 1 is 0.7. A Hessian is symmetric."
    );
    let mean = 0.5 + 1.0 / f64::from(1 << 21);
    let found = arranged("[[[1,0.5],[0.50000095367431640625,1]],[[1,2],[2,1]]]", Meaning::Matrices).unwrap();
    assert_eq!(found.numbers, [1.0, mean, mean, 1.0, 1.0, 2.0, 2.0, 1.0]);
    assert_eq!(found.notes.len(), 1);
    assert!(
        found.notes[0].starts_with("The matrices are symmetric but for rounding (1e-6 of"),
        "{}",
        found.notes[0]
    );
    // The size of the entries does not matter.
    assert!(arranged("[[[1e-9,5e-10],[7e-10,1e-9]]]", Meaning::Matrices).is_err());
    assert!(arranged("[[[1e308,-1e308],[1e308,1e308]]]", Meaning::Matrices).is_err());
}

#[test]
fn what_does_not_vary_is_said() {
    let notes = |text: &str, meaning| arranged(text, meaning).unwrap().notes;
    assert_eq!(notes("1\n1\n1", Meaning::Values), ["All 3 samples are the same: there is no noise."]);
    assert_eq!(
        notes("7", Meaning::Values),
        ["There is only one value: every step is the same, and there is no noise."]
    );
    assert_eq!(
        notes("1 2\n2 1", Meaning::OneMatrix),
        ["There is only one matrix: every step is the same, and there is no noise."]
    );
    assert_eq!(
        notes("1 0 2\n2 0 1", Meaning::Vectors),
        ["The same number stands in every row of column 2 (0)."]
    );
    assert_eq!(notes("1 2\n2 1", Meaning::Vectors), Vec::<String>::new());
    assert_eq!(notes("[[[1,0],[0,2]],[[2,0],[0,1]]]", Meaning::Matrices), Vec::<String>::new());
}

/// Whatever was read keeps what [`Table`] promises.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(found) = read(bytes) else { return Ok(()) };
    prop_assert!((1..=3).contains(&found.axes.len()));
    prop_assert_eq!(found.axes.iter().product::<usize>(), found.numbers.len());
    prop_assert!(!found.numbers.is_empty() && found.numbers.iter().all(|number| number.is_finite()));
    for taken in [&[1][..], &[2, 3], &[1, 2, 3]] {
        for meaning in meanings(&found, taken).unwrap_or_default() {
            prop_assert!(!meaning.label(&found).is_empty());
            if let Ok(arranged) = arrange(found.clone(), meaning) {
                prop_assert_eq!(arranged.shape.count(), arranged.numbers.len());
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes)?;
    }

    #[test]
    fn arbitrary_npy_files_never_panic(
        version in 0..4u8,
        header in "[{}'()a-z_: ,<>|0-9fFTruealsdcrhpo]{0,80}",
        axes in prop::collection::vec(0..9usize, 0..5),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        check(&with_header(version, &header, &rest))?;
        let shape: Vec<String> = axes.iter().map(ToString::to_string).collect();
        let header = format!("{{'descr': '<f4', 'fortran_order': True, 'shape': ({},), }}", shape.join(", "));
        check(&with_header(version, &header, &rest))?;
        let whole = axes.iter().product::<usize>().min(400);
        check(&with_header(1, &header, &vec![0; 4 * whole]))?;
    }

    #[test]
    fn almost_good_text_never_panics(text in "[-+0-9.,;eE \t\n\"\\[\\]{}ahn#]{0,120}") {
        check(text.as_bytes())?;
    }

    #[test]
    fn any_table_comes_back_from_its_text(
        rows in 2..6usize, columns in 2..5usize, bits in prop::collection::vec(any::<u64>(), 30), separator in 0..4usize
    ) {
        let finite = |bits: &u64| Some(f64::from_bits(*bits)).filter(|x| x.is_finite()).unwrap_or(0.5);
        let numbers: Vec<f64> = bits.iter().map(finite).take(rows * columns).collect();
        let separator = [",", ";", "\t", "  "][separator];
        let lines: Vec<String> = numbers.chunks(columns)
            .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)).collect();
        let found = table(&lines.join("\n"));
        prop_assert_eq!(found.axes, vec![rows, columns]);
        prop_assert_eq!(found.numbers, numbers.clone());
        let json = serde_json::to_string(&numbers.chunks(columns).collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(table(&json).numbers, numbers);
    }
}

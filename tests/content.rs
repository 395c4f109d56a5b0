//! The reader's numbers in a link, and the store of what links and labs name by hash.

use base64ct::{Base64UrlUnpadded, Encoding};
use proptest::prelude::*;
use saddlescope::params;
use saddlescope::params::content::{self, Hash};
use saddlescope::params::data::Shape;
use saddlescope::params::fragment::{self, View};
use saddlescope::params::{Data, Domain, ParamSpec};
use std::rc::Rc;

params! {
    /// A lab's parameters with the reader's numbers among them.
    pub struct Params {
        /// Numbers, vectors or matrices.
        data: Option<Data> = None, ParamSpec::new("data", "", Domain::Data { axes: &[1, 2, 3] }).optional();
        /// Another one.
        lr: f64 = 0.5, ParamSpec::new("learning rate", "λ", Domain::Linear { min: 0.0, max: 1.0 });
    }
}

fn data(axes: &[usize], numbers: Vec<f64>) -> Data {
    Data::new(Shape::new(axes).unwrap(), numbers.into()).unwrap()
}

/// The link of a state and what is read from it again.
fn around(data: Data) -> (String, Option<Data>, Vec<String>) {
    let p = Params { data: Some(data), ..Params::default() };
    let link = fragment::write("lab", 1, &p, &View::default());
    let read = fragment::read::<Params>(fragment::split(&link).1, 1, &[]);
    (link, read.params.data, read.problems.into_iter().map(|problem| problem.text).collect())
}

/// FIPS 180-4 and the message digest of no bytes; the numbers' digest by `sha256sum` of the file that
/// `numpy.array([1.0, -0.5, 0.1]).tofile` writes.
#[test]
fn hashes_are_those_of_the_standard() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(Hash::of_bytes(b"abc").to_string(), abc);
    assert_eq!(Hash::parse(abc), Some(Hash::of_bytes(b"abc")));
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Hash::of_numbers(&[]).to_string(), empty);
    let three = "cec98baa8172d046ee16e2f7db31ca0710f166126cf8ec7d7a62717a355ceec4";
    assert_eq!(Hash::of_numbers(&[1.0, -0.5, 0.1]).to_string(), three);
    for wrong in ["", "ba78", &abc[1..], &format!("{abc}0"), &abc.replace('b', "g"), &abc.replace("ba", "+a")]
    {
        assert_eq!(Hash::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn few_numbers_stand_in_the_link() {
    let (link, read, problems) = around(data(&[3], vec![1.0, -0.5, 0.1]));
    assert_eq!(link, "lab?v=1&data=i.3.AAAAAAAA8D8AAAAAAADgv5qZmZmZmbk_");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(*read.unwrap().numbers().unwrap(), [1.0, -0.5, 0.1]);
    let (link, read, _) = around(data(&[64, 2, 2], vec![0.25; 256]));
    assert!(link.starts_with("lab?v=1&data=i.64x2x2."), "{link}");
    assert_eq!(read.unwrap().shape().axes(), [64, 2, 2]);
}

#[test]
fn many_numbers_are_named_by_their_hash_and_found_in_the_store() {
    let numbers: Rc<[f64]> = (0..257).map(f64::from).collect();
    let whole = Data::new(Shape::new(&[257]).unwrap(), Rc::clone(&numbers)).unwrap();
    let (link, read, problems) = around(whole);
    assert_eq!(link, format!("lab?v=1&data=h.257.{}", Hash::of_numbers(&numbers)));
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(read.unwrap().numbers(), Some(numbers));
}

#[test]
fn a_link_whose_numbers_are_elsewhere_waits_for_them() {
    let numbers: Vec<f64> = (0..300).map(|i| f64::from(i) / 7.0).collect();
    let link = format!("data=h.300.{}", Hash::of_numbers(&numbers));
    let read = fragment::read::<Params>(&link, 1, &[]);
    let waiting = read.params.data.clone().unwrap();
    assert_eq!((read.problems.len(), waiting.numbers()), (0, None));
    // The state keeps its link while it waits.
    assert_eq!(fragment::write("lab", 1, &read.params, &View::default()), format!("lab?v=1&{link}"));
    content::keep_numbers(numbers.clone().into());
    assert_eq!(*waiting.numbers().unwrap(), *numbers);
    // Another shape is not what the hash's owner meant.
    let other = link.replace("300.", "299.");
    assert_eq!(fragment::read::<Params>(&other, 1, &[]).params.data.unwrap().numbers(), None);
}

#[test]
fn files_and_numbers_of_the_same_bytes_are_told_apart() {
    let file = content::keep_bytes([1, 2, 3].into());
    assert_eq!(content::bytes(&file).as_deref(), Some(&[1, 2, 3][..]));
    assert_eq!(content::numbers(&file), None);
    assert!(content::holds(&file));
    assert!(!content::holds(&Hash::of_bytes(&[4])));
}

#[test]
fn the_store_lets_go_of_what_was_used_longest_ago() {
    let kept = |first: f64| -> Hash {
        let mut numbers = vec![0.0; 4_000_000];
        numbers[0] = first;
        content::keep_numbers(numbers.into())
    };
    let (one, two, three, four) = (kept(1.0), kept(2.0), kept(3.0), kept(4.0));
    assert!(content::holds(&one), "128 MB hold four lists of 32 MB");
    kept(5.0);
    assert!(!content::holds(&two), "used longest ago: the first was asked for since");
    assert!(content::holds(&one) && content::holds(&three) && content::holds(&four));
}

#[test]
fn every_mistake_has_its_sentence() {
    let said = |text: &str| {
        let read = fragment::read::<Params>(&format!("data={text}"), 1, &[]);
        assert_eq!(read.params.data, None, "{text}");
        assert_eq!(read.problems.len(), 1, "{text}");
        read.problems[0].text.clone()
    };
    let of_numbers = |numbers: &[f64]| {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        Base64UrlUnpadded::encode_string(&bytes)
    };
    let used = "its own default is used instead.";
    let cases = [
        ("x".to_owned(), "“x” is not of the form i.<shape>.<numbers> or h.<shape>.<SHA-256>"),
        ("i.3.!".to_owned(), "“!” is no base64url text"),
        ("i.3.AAAA".to_owned(), "3 bytes are no whole number of doubles"),
        (format!("i.3.{}", of_numbers(&[1.0])), "the shape 3 needs 3 numbers, there are 1"),
        (format!("i.2.{}", of_numbers(&[1.0, f64::NAN])), "number 2 is NaN, only finite numbers are allowed"),
        (format!("i.1.{}", of_numbers(&[f64::INFINITY])), "number 1 is inf, only finite numbers are allowed"),
        ("i.300.A".to_owned(), "a link holds at most 256 numbers itself, not 300"),
        ("h.300.abc".to_owned(), "“abc” is no SHA-256"),
        ("i.03.A".to_owned(), "“03” is no shape such as 100, 100x4 or 100x4x4"),
        ("i.3x.A".to_owned(), "“3x” is no shape such as 100, 100x4 or 100x4x4"),
        ("i.1x2x3x4.A".to_owned(), "a shape has one, two or three axes, such as 100, 100x4 or 100x4x4"),
        ("i.4x2x3.A".to_owned(), "the shape 4x2x3 is no list of square matrices"),
        ("h.0x2x2.A".to_owned(), "“0x2x2” is no shape such as 100, 100x4 or 100x4x4"),
        ("h.1000001.A".to_owned(), "there are 1000001 samples, at most 1000000 are allowed"),
        ("h.10x65x65.A".to_owned(), "the dimension is 65, at most 64 is allowed"),
        ("h.1000x64x64.A".to_owned(), "there are 4096000 numbers, at most 4000000 are allowed"),
    ];
    for (text, reason) in cases {
        assert_eq!(said(&text), format!("data: {reason}; {used}"), "{text}");
    }
}

proptest! {
    #[test]
    fn any_finite_numbers_come_back_bit_for_bit(bits in prop::collection::vec(any::<u64>(), 1..300)) {
        let numbers: Vec<f64> = bits.into_iter().map(f64::from_bits).filter(|number| number.is_finite()).collect();
        prop_assume!(!numbers.is_empty());
        let (_, read, problems) = around(data(&[numbers.len()], numbers.clone()));
        prop_assert_eq!(problems, Vec::<String>::new());
        let back = read.unwrap().numbers().unwrap();
        let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&back), bits(&numbers));
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in "[ih]?\\.?[0-9x]{0,6}\\.?\\PC{0,80}") {
        let read = fragment::read::<Params>(&format!("data={}", text.replace('&', "")), 1, &[]);
        prop_assert!(read.params.data.is_some() || read.problems.len() == 1 || text.is_empty() || text.trim().is_empty());
    }
}

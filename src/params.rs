//! Parameters: one declaration per lab gives the typed struct, the controls, the URL grammar and the checks.
//!
//! [`params!`](crate::params!) takes a struct whose fields carry a default and a [`ParamSpec`]; from it
//! come the struct itself, its `Default`, and a table that everything else reads: the sliders and their
//! number fields, the tooltips, [`text`] (one value ↔ its text), [`fragment`] (a whole link ↔ the
//! struct), and the fuzz tests. Keys are final: a published link works for ever.

pub mod content;
pub mod data;
pub mod fragment;
pub mod text;

pub use data::Data;

use std::fmt;

/// Linear or logarithmic, of a slider or a map axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences.
    Linear,
    /// Equal ratios.
    Log,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// A real number in `[min, max]`, slider linear.
    Linear {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// A positive number in `[min, max]`, slider logarithmic.
    Log {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// A whole number in `[min, max]`.
    Int {
        /// Smallest value.
        min: u64,
        /// Largest value, at most 2⁵³ − 1 (a slider and a link must hold it exactly).
        max: u64,
        /// Slider logarithmic.
        log: bool,
    },
    /// Yes or no, written 1 or 0.
    Toggle,
    /// One of some names.
    Choice {
        /// The names as they stand in a link.
        names: &'static [&'static str],
    },
    /// Any of some names, separated by commas.
    Subset {
        /// The names as they stand in a link, at most 64.
        names: &'static [&'static str],
    },
    /// Numbers in `[min, max]`, separated by commas.
    List {
        /// Smallest entry.
        min: f64,
        /// Largest entry.
        max: f64,
        /// Most entries.
        max_len: usize,
    },
    /// The reader's own numbers.
    Data {
        /// How many axes their shape may have: 1 for values, 2 for vectors, 3 for matrices.
        axes: &'static [usize],
    },
}

/// A condition under which a parameter matters: another key, and the values for which it does.
pub type When = (&'static str, &'static [&'static str]);

/// The declaration of one parameter. Built by the `const` functions below inside [`params!`](crate::params!).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// Key in a link; final.
    pub key: &'static str,
    /// Symbol beside the name, may be empty.
    pub symbol: &'static str,
    /// The name on the page.
    pub name: &'static str,
    /// Names of the choices on the page, in the order of the domain's names; empty: the names themselves.
    pub labels: &'static [&'static str],
    /// One sentence: what it is, with its unit and its effect.
    pub help: &'static str,
    /// What it may be.
    pub domain: Domain,
    /// May be absent from the state, and then has a meaning of its own that `help` tells.
    pub optional: bool,
    /// Heading of its group of controls; empty: no control (set by dragging and zooming, or in the link).
    pub group: &'static str,
    /// If it may be an axis of a map: the range that the axis then has.
    pub view: Option<(f64, f64, Scale)>,
    /// Matters only if all of these hold.
    pub when: &'static [When],
}

impl ParamSpec {
    /// A parameter with the given domain; the key and the help text are filled in by the macro.
    pub const fn new(name: &'static str, symbol: &'static str, domain: Domain) -> Self {
        ParamSpec {
            key: "",
            symbol,
            name,
            labels: &[],
            help: "",
            domain,
            optional: false,
            group: "",
            view: None,
            when: &[],
        }
    }

    /// Sets the heading under which its control stands.
    #[must_use]
    pub const fn group(self, group: &'static str) -> Self {
        ParamSpec { group, ..self }
    }

    /// Lets it be a map axis with this range.
    #[must_use]
    pub const fn view(self, low: f64, high: f64, scale: Scale) -> Self {
        ParamSpec { view: Some((low, high, scale)), ..self }
    }

    /// Makes it matter only for these values of other parameters.
    #[must_use]
    pub const fn when(self, when: &'static [When]) -> Self {
        ParamSpec { when, ..self }
    }

    /// Names its choices on the page.
    #[must_use]
    pub const fn labels(self, labels: &'static [&'static str]) -> Self {
        ParamSpec { labels, ..self }
    }

    /// Lets it be absent.
    #[must_use]
    pub const fn optional(self) -> Self {
        ParamSpec { optional: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn declared(self, key: &'static str, help: &'static str) -> Self {
        ParamSpec { key, help, ..self }
    }
}

/// A value whose type is known at run time only: what the table, the links and the controls handle.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An optional parameter that is not set.
    Absent,
    /// A real number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// Yes or no.
    Toggle(bool),
    /// Position in the list of names.
    Choice(usize),
    /// Which of the names: bit `i` for name `i`.
    Subset(u64),
    /// Some numbers.
    List(Vec<f64>),
    /// The reader's own numbers.
    Data(Data),
}

/// A type that a field of a parameter struct may have.
pub trait Field: Sized {
    /// The value at run time.
    fn to_value(&self) -> Value;
    /// Back again; `None` if it is of another kind. The domain has been checked before.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! field {
    ($type:ty, $variant:ident, $to:expr, $from:expr) => {
        impl Field for $type {
            fn to_value(&self) -> Value {
                Value::$variant($to(self))
            }
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::$variant(inner) = value { $from(inner) } else { None }
            }
        }
    };
}
field!(f64, Number, |x: &f64| *x, |x: &f64| Some(*x));
field!(u32, Integer, |x: &u32| u64::from(*x), |x: &u64| u32::try_from(*x).ok());
field!(u64, Integer, |x: &u64| *x, |x: &u64| Some(*x));
field!(bool, Toggle, |x: &bool| *x, |x: &bool| Some(*x));
field!(Vec<f64>, List, |x: &Vec<f64>| x.clone(), |x: &Vec<f64>| Some(x.clone()));
field!(Data, Data, |x: &Data| x.clone(), |x: &Data| Some(x.clone()));

impl<T: Field> Field for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Absent, Field::to_value)
    }
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Absent { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// A struct declared by [`params!`](crate::params!).
pub trait ParamSet: Default + Clone + PartialEq + fmt::Debug + 'static {
    /// The declarations, in the order of the fields.
    fn specs() -> &'static [ParamSpec];
    /// The value of field `index`.
    fn value(&self, index: usize) -> Value;
    /// Sets field `index`; false, and nothing changed, if the value is of another kind.
    fn put(&mut self, index: usize, value: &Value) -> bool;

    /// Position of a key.
    fn index(key: &str) -> Option<usize> {
        Self::specs().iter().position(|spec| spec.key == key)
    }

    /// Whether field `index` matters under the present choices.
    fn matters(&self, index: usize) -> bool {
        Self::specs()[index].when.iter().all(|(key, allowed)| {
            Self::index(key).is_some_and(|other| {
                let text = text::format(&Self::specs()[other], &self.value(other));
                allowed.contains(&text.as_str())
            })
        })
    }
}

/// Something that was wrong with a parameter, and what was used instead: a sentence for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key it is about; empty if about the link as a whole.
    pub key: String,
    /// The sentence.
    pub text: String,
}

impl Problem {
    /// A problem with the parameter `key`.
    pub fn new(key: &str, text: impl Into<String>) -> Self {
        Problem { key: key.to_owned(), text: text.into() }
    }
}

/// Declares a parameter struct. Each field: doc comment (its help text), name, type, default, [`ParamSpec`].
///
/// Parameters that several structs share are a struct of their own, taken in by `..field: Type = default;` between
/// the first and the last fields: in the link and on the page they stand there like any others.
#[macro_export]
macro_rules! params {
    ($(#[$attribute:meta])* pub struct $name:ident { $(
        $(#[doc = $help:literal])+ $field:ident : $type:ty = $default:expr, $spec:expr;
    )+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $( $(#[doc = $help])+ pub $field: $type, )+ }

        impl Default for $name {
            fn default() -> Self {
                $name { $( $field: $default, )+ }
            }
        }

        impl $crate::params::ParamSet for $name {
            fn specs() -> &'static [$crate::params::ParamSpec] {
                const SPECS: &[$crate::params::ParamSpec] =
                    &[$( $spec.declared(stringify!($field), concat!($($help),+)), )+];
                SPECS
            }
            fn value(&self, index: usize) -> $crate::params::Value {
                let values = [$( |set: &$name| $crate::params::Field::to_value(&set.$field), )+];
                values[index](self)
            }
            fn put(&mut self, index: usize, value: &$crate::params::Value) -> bool {
                let puts = [$( |set: &mut $name, value: &$crate::params::Value| {
                    <$type as $crate::params::Field>::from_value(value).map(|new| set.$field = new).is_some()
                }, )+];
                puts[index](self, value)
            }
        }
    };
    ($(#[$attribute:meta])* pub struct $name:ident {
        $( $(#[doc = $help:literal])+ $field:ident : $type:ty = $default:expr, $spec:expr; )*
        ..
        $(#[doc = $shared_help:literal])+ $shared:ident : $shared_type:ty = $shared_default:expr;
        $( $(#[doc = $last_help:literal])+ $last:ident : $last_type:ty = $last_default:expr, $last_spec:expr; )*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $help])+ pub $field: $type, )*
            $(#[doc = $shared_help])+ pub $shared: $shared_type,
            $( $(#[doc = $last_help])+ pub $last: $last_type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $( $field: $default, )* $shared: $shared_default, $( $last: $last_default, )* }
            }
        }

        impl $crate::params::ParamSet for $name {
            fn specs() -> &'static [$crate::params::ParamSpec] {
                static SPECS: std::sync::LazyLock<Vec<$crate::params::ParamSpec>> = std::sync::LazyLock::new(|| {
                    let mut specs = vec![$( $spec.declared(stringify!($field), concat!($($help),+)), )*];
                    specs.extend_from_slice(<$shared_type as $crate::params::ParamSet>::specs());
                    specs.extend([$( $last_spec.declared(stringify!($last), concat!($($last_help),+)), )*]);
                    specs
                });
                &SPECS
            }
            fn value(&self, index: usize) -> $crate::params::Value {
                let first: &[fn(&$name) -> $crate::params::Value] =
                    &[$( |set| $crate::params::Field::to_value(&set.$field), )*];
                let last: &[fn(&$name) -> $crate::params::Value] =
                    &[$( |set| $crate::params::Field::to_value(&set.$last), )*];
                let shared = <$shared_type as $crate::params::ParamSet>::specs().len();
                match index.checked_sub(first.len()) {
                    None => first[index](self),
                    Some(index) if index < shared => $crate::params::ParamSet::value(&self.$shared, index),
                    Some(index) => last[index - shared](self),
                }
            }
            fn put(&mut self, index: usize, value: &$crate::params::Value) -> bool {
                let first: &[fn(&mut $name, &$crate::params::Value) -> bool] = &[$( |set, value| {
                    <$type as $crate::params::Field>::from_value(value).map(|new| set.$field = new).is_some()
                }, )*];
                let last: &[fn(&mut $name, &$crate::params::Value) -> bool] = &[$( |set, value| {
                    <$last_type as $crate::params::Field>::from_value(value).map(|new| set.$last = new).is_some()
                }, )*];
                let shared = <$shared_type as $crate::params::ParamSet>::specs().len();
                match index.checked_sub(first.len()) {
                    None => first[index](self, value),
                    Some(index) if index < shared => {
                        $crate::params::ParamSet::put(&mut self.$shared, index, value)
                    }
                    Some(index) => last[index - shared](self, value),
                }
            }
        }
    };
}

/// Declares an enum whose variants have names in a link.
#[macro_export]
macro_rules! choice {
    ($(#[$attribute:meta])* pub enum $name:ident { $( $(#[doc = $help:literal])+ $variant:ident = $text:literal, )+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[doc = $help])+ $variant, )+ }

        impl $name {
            /// The names in a link, in the order of the variants.
            pub const NAMES: &'static [&'static str] = &[$( $text, )+];
            /// All variants.
            pub const ALL: &'static [$name] = &[$( $name::$variant, )+];
            /// The name in a link.
            pub fn name(self) -> &'static str {
                Self::NAMES[self as usize]
            }
        }

        impl $crate::params::Field for $name {
            fn to_value(&self) -> $crate::params::Value {
                $crate::params::Value::Choice(*self as usize)
            }
            fn from_value(value: &$crate::params::Value) -> Option<Self> {
                match value {
                    $crate::params::Value::Choice(index) => Self::ALL.get(*index).copied(),
                    _ => None,
                }
            }
        }
    };
}

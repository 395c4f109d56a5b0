//! Parameters: one declaration per lab gives the typed struct, the controls, the URL grammar and the checks.
//!
//! [`params!`](crate::params!) takes a struct whose fields carry a default and a [`ParamSpec`]; from it
//! come the struct itself, its `Default`, and a table that everything else reads: the sliders and their
//! number fields, the tooltips, [`text`] (one value ↔ its text), [`fragment`] (a whole link ↔ the
//! struct), and the fuzz tests. Keys are final: a published link works for ever.

pub mod content;
pub mod data;
pub mod fragment;
mod spec;
pub mod text;
mod value;

pub use data::Data;
pub use spec::{Domain, ParamSpec, Scale, When};
pub use value::{Field, Value};

use std::fmt;

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

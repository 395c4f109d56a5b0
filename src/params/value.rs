//! Values whose type is known at run time only, and the types that fields may have.

use super::Data;

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

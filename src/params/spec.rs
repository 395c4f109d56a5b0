//! The declaration of one parameter: its name, what it may be, where it stands on the page.

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

//! What labs about one direction of a saddle share: SGD's parameters, its exact numbers, and their words.
//!
//! | module | subject |
//! |---|---|
//! | [`sgd`] | rate, batch, decay and the law of the data |
//! | [`point`] | the exact numbers at the present rate |
//! | [`quantities`] | those numbers as rows of the page |
//! | [`axis`] | a parameter along an axis |
//! | [`fan`] | the fan chart of log|z_t/z_0| |
//! | [`passage`] | how long escape or collapse takes |
//! | [`cost`] | what a question about a batch law costs |
//! | [`own_data`] | intervals for the law behind the reader's own values |
//! | [`values`] | what is kept of those values |
//! | [`certificate`] | the proved sign of Λ |

pub mod axis;
pub mod certificate;
pub mod cost;
pub mod fan;
pub mod own_data;
pub mod passage;
pub mod point;
pub mod quantities;
pub mod sgd;
pub mod values;

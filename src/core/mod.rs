//! The mathematics. No web, no plotting, no labs; functions of numbers only.

pub mod convolution;
pub mod curvature;
pub mod data_set;
pub mod decided;
pub mod exponent;
pub mod moment;
pub mod noncentral;
pub mod normal;
pub mod product;
pub mod rng;
pub mod sample;
pub mod sgd;
pub mod special;
pub mod stats;

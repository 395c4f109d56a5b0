//! The mathematics. No web, no plotting, no labs; functions of numbers only.

pub mod boundary;
pub mod bracket;
pub mod convolution;
pub mod critical;
pub mod curvature;
pub mod data_set;
pub mod decided;
pub mod exponent;
pub mod fourier;
pub mod interpolation;
pub mod log_product;
pub mod logarithms;
pub mod moment;
pub mod noncentral;
pub mod normal;
pub mod product;
pub mod quadrature;
pub mod rivals;
pub mod rng;
pub mod saddle;
pub mod sample;
pub mod sgd;
pub mod special;
pub mod stats;

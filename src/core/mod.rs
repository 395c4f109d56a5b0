//! The mathematics. No web, no plotting, no labs; functions of numbers only.

pub mod boundary;
pub mod bracket;
pub mod convolution;
pub mod critical;
pub mod curvature;
pub mod exponent;
pub mod fourier;
pub mod interpolation;
pub mod lattice;
pub mod log_product;
pub mod logarithms;
pub mod moment;
pub mod noncentral;
pub mod noncentral_moment;
pub mod quadrature;
pub mod rivals;
pub mod saddle;
pub mod special;

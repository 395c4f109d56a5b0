//! The mathematics. No web, no plotting, no labs; functions of numbers only.

pub mod convolution;
pub mod curvature;
pub mod exponent;
pub mod fourier;
pub mod interpolation;
pub mod logarithms;
pub mod moment;
pub mod noncentral;
pub mod quadrature;
pub mod special;

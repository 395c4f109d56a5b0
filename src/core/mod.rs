//! The mathematics. No web, no plotting, no labs; functions of numbers only.

pub mod curvature;
pub mod exponent;

//! A smooth line through a cloud of points: local linear regression with tricube weights.

/// Return a local linear smooth of the points (x, y) at abscissae; NaN where no point is left to go by.
///
/// `span` is the share of the points that each value is fitted to. Points with a value that is not finite are left out.
/// The points are best given with x rising: then one abscissa costs one pass over its neighbours.
///
/// # Formula
/// value(t) = b0, with (b0, b1) the minimum of sum w_i (y_i - b0 - b1(x_i - t))^2, w_i = (1 - (|x_i - t|/r)^3)^3 for
/// |x_i - t| < r, and r the distance to the k-th nearest point, k = floor(span n), at least 2. Where the points with
/// weight have one x, the value is their mean.
/// # Reference
/// Cleveland (1979), Robust Locally Weighted Regression and Smoothing Scatterplots, JASA 74, without robustness
/// iterations.
#[must_use]
pub fn local_linear(x: &[f64], y: &[f64], span: f64, at: &[f64]) -> Vec<f64> {
    let pairs = x.iter().copied().zip(y.iter().copied());
    let mut points: Vec<(f64, f64)> = pairs.filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    if !points.is_sorted_by(|a, b| a.0 <= b.0) {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    // The small addend keeps 2/3 of 30 from being 19.
    let share = (span * points.len() as f64 + 1e-10).floor();
    let count = (share.max(2.0) as usize).min(points.len());
    let fitted = |t: f64| if t.is_finite() { value(neighbours(&points, count, t), t) } else { f64::NAN };
    at.iter().map(|&t| fitted(t)).collect()
}

/// Return the points with the least distances from an abscissa, all of them where several are as far as the last.
fn neighbours(points: &[(f64, f64)], count: usize, t: f64) -> &[(f64, f64)] {
    let n = points.len();
    let mut left = points.partition_point(|p| p.0 < t);
    let mut right = left;
    while right - left < count {
        let below = left.checked_sub(1).map_or(f64::INFINITY, |i| t - points[i].0);
        let above = points.get(right).map_or(f64::INFINITY, |p| p.0 - t);
        if left > 0 && (below <= above || right == n) { left -= 1 } else { right += 1 }
    }
    let radius = radius(&points[left..right], t);
    while left > 0 && t - points[left - 1].0 <= radius {
        left -= 1;
    }
    while right < n && points[right].0 - t <= radius {
        right += 1;
    }
    &points[left..right]
}

/// Return the largest distance of rising points from an abscissa.
fn radius(points: &[(f64, f64)], t: f64) -> f64 {
    let end = |p: Option<&(f64, f64)>| p.map_or(0.0, |p| (p.0 - t).abs());
    end(points.first()).max(end(points.last()))
}

/// Return the value at an abscissa of the weighted line through its neighbours.
fn value(points: &[(f64, f64)], t: f64) -> f64 {
    let radius = radius(points, t);
    let tricube = |x: f64| {
        let d = (x - t).abs() / radius;
        if d < 1.0 { (1.0 - d * d * d).powi(3) } else { 0.0 }
    };
    let mean = |weight: &dyn Fn(f64) -> f64| {
        let (mut total, mut mx, mut my) = (0.0, 0.0, 0.0);
        for &(x, y) in points {
            let w = weight(x);
            total += w;
            mx += w * (x - t);
            my += w * y;
        }
        (total, mx / total, my / total)
    };
    let (total, mx, my) = mean(&tricube);
    if !(total > 0.0) {
        // All points are equally far: none is better than another.
        return mean(&|_| 1.0).2;
    }
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for &(x, y) in points {
        let dx = x - t - mx;
        sxx += tricube(x) * dx * dx;
        sxy += tricube(x) * dx * (y - my);
    }
    if sxx > total * (1e-9 * radius).powi(2) { my - mx * sxy / sxx } else { my }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 10] = [0.0, 0.3, 1.1, 1.4, 2.0, 3.7, 4.0, 4.2, 5.5, 6.1];
    const Y: [f64; 10] = [0.2, -0.1, 0.5, 0.45, 0.9, 0.3, -0.2, -0.35, 0.1, 0.6];

    fn close(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (f, w) in found.iter().zip(wanted) {
            assert!((f - w).abs() < 1e-12, "{f} {w}");
        }
    }

    /// Reference: statsmodels 0.15.0, `lowess(Y, X, frac=2/3, it=0, delta=0)`, the same with `xvals`, and `frac=0.4`.
    #[test]
    fn agrees_with_statsmodels() {
        let at_points = [
            0.0076494875306673815,
            0.12415953588099961,
            0.4405590575751566,
            0.5668347625696364,
            0.732690459045021,
            0.07418807015884461,
            -0.055640536641078514,
            -0.052325300563946645,
            0.2645568138154329,
            0.4242376864696805,
        ];
        close(&local_linear(&X, &Y, 2.0 / 3.0, &X), &at_points);
        let elsewhere = [
            -0.18182137408036766,
            0.06571151922788457,
            0.40012275695515237,
            0.6071808390192128,
            0.25158314960894285,
            0.1374444630536555,
            0.4242376864696805,
            0.687143858616474,
        ];
        close(&local_linear(&X, &Y, 2.0 / 3.0, &[-0.5, 0.15, 1.0, 2.5, 3.3, 5.0, 6.1, 7.0]), &elsewhere);
        let shorter = [
            0.06800538457815718,
            0.10290891845334907,
            0.4546732657630662,
            0.5603334500924169,
            0.8690592191860237,
            0.27189589791081864,
            -0.1279385254408747,
            -0.39226045696252554,
            0.15107129592936017,
            0.5811433133791908,
        ];
        close(&local_linear(&X, &Y, 0.4, &X), &shorter);
    }

    /// Reference: the same, on three runs a size, where the neighbours with weight have one size.
    #[test]
    fn repeated_sizes_give_their_mean() {
        let x = [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 4.0];
        let y = [0.1, 0.2, 0.3, 0.9, 1.0, 0.8, 0.4, 0.3, 0.5, 1.0, 1.1, 1.3];
        let means = [0.2, 0.9, 0.4, 3.4 / 3.0];
        close(&local_linear(&x, &y, 2.0 / 3.0, &[1.0, 2.0, 3.0, 4.0]), &means);
        close(&local_linear(&[7.0; 4], &[1.0, 2.0, 3.0, 4.0], 0.5, &[7.0, 9.0]), &[2.5, 2.5]);
    }

    #[test]
    fn a_line_stays_a_line_in_any_order_and_unit() {
        for unit in [1e-12, 1.0, 1e12] {
            let x: Vec<f64> = (0..40).map(|i| unit * f64::from((i * 17) % 40)).collect();
            let y: Vec<f64> = x.iter().map(|x| 3.0 - 2.0 * x / unit).collect();
            let found = local_linear(&x, &y, 0.5, &x);
            assert!(found.iter().zip(&y).all(|(f, y)| (f - y).abs() < 1e-9));
        }
    }

    #[test]
    fn what_cannot_be_fitted() {
        assert!(local_linear(&[], &[], 0.5, &[1.0])[0].is_nan());
        assert!(local_linear(&X, &Y, 0.5, &[f64::NAN, f64::INFINITY]).iter().all(|v| v.is_nan()));
        close(
            &local_linear(&[1.0, f64::NAN, 2.0], &[1.0, 5.0, f64::INFINITY], 0.5, &[1.0, 4.0]),
            &[1.0, 1.0],
        );
        assert!(local_linear(&X, &Y, 0.5, &[]).is_empty());
    }
}

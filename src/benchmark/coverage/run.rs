//! One cell of the study, run on all its data sets.

use super::measure::{Measure, Outcome};
use super::row::Row;
use super::scenario::{Scenario, key};
use super::settings::Settings;
use super::tally::Tally;
use crate::benchmark::SimulateError;
use rayon::prelude::*;

/// Run a cell; `None` when `stop` asked for an end before it was done. `tick` is called after each data set, from any thread.
///
/// Data set i and its bootstraps depend on the seed, the name of the cell and i alone: not on threads, nor on other cells.
///
/// # Errors
/// [`SimulateError`] when the scenario makes no sense.
pub fn run(
    scenario: &Scenario,
    settings: &Settings,
    tick: &(dyn Fn() + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Vec<Row>>, SimulateError> {
    let sampler = scenario.sampler()?;
    let spec = scenario.spec()?;
    let panel = settings.measure.panel.suited_to(scenario);
    let measure = Measure { panel, ..settings.measure.clone() };
    let targets: Vec<(usize, f64)> = scenario.targets.iter().map(|&k| (k, scenario.truth[k])).collect();
    let cells = targets.len() * measure.panel.methods.len();
    let own = key(settings.seed, &format!("{} intervals", scenario.id));
    let sets: Option<Vec<Vec<Outcome>>> = (0..settings.sets as u64)
        .into_par_iter()
        .map(|set| {
            if stop() {
                return None;
            }
            let outcomes = match sampler.draw(settings.seed, set) {
                Ok(data) => measure.judge(&spec, &data, &targets, own.wrapping_add(set)),
                Err(_) => vec![Outcome::NO_FIT; cells],
            };
            tick();
            Some(outcomes)
        })
        .collect();
    let Some(sets) = sets else { return Ok(None) };
    let mut rows = Vec::with_capacity(cells);
    for (t, (k, _)) in targets.iter().enumerate() {
        for (m, method) in measure.panel.methods.iter().enumerate() {
            let place = t * measure.panel.methods.len() + m;
            rows.push(Row {
                cell: scenario.id.clone(),
                group: scenario.group.to_owned(),
                form: scenario.form.id().to_owned(),
                n: scenario.rows(),
                target: scenario.form.params()[*k].name.to_owned(),
                method: method.id.clone(),
                tally: Tally::of(sets.iter().map(|s| s[place])),
            });
        }
    }
    Ok(Some(rows))
}

import type { MemoryMetrics, Series } from "./memory.ts";

/** Media type of the text (Prometheus exposition format 0.0.4). */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * The metrics as Prometheus reads them: each one a summary with `_sum` and `_count`, as policies measure amounts that
 * may be anything. Names become lower case with underscores: `API Management`, `Total Tokens` and `API ID` give
 * `api_management_total_tokens_sum{api_id="…"}`.
 */
export function prometheusText(metrics: MemoryMetrics): string {
  const lines: string[] = [];
  for (const [name, { help, samples }] of groups(metrics.series())) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} summary`);
    for (const [labels, { sum, count }] of samples) {
      lines.push(`${name}_sum${labels} ${sum}`, `${name}_count${labels} ${count}`);
    }
  }
  lines.push(
    "# HELP gatehouse_metrics_dropped_total Measurements that were lost because there are too many series.",
    "# TYPE gatehouse_metrics_dropped_total counter",
    `gatehouse_metrics_dropped_total ${metrics.dropped}`,
  );
  return `${lines.join("\n")}\n`;
}

interface Group {
  help: string;
  /** By labels as written; series whose names come out the same are added up, as the format allows each only once. */
  samples: Map<string, { sum: number; count: number }>;
}

function groups(series: Iterable<Series>): Map<string, Group> {
  const found = new Map<string, Group>();
  for (const one of series) {
    const name = identifier(`${one.namespace} ${one.name}`);
    let group = found.get(name);
    if (!group) {
      const help = `${one.name} (${one.namespace})`.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
      found.set(name, (group = { help, samples: new Map() }));
    }
    const key = labels(one.dimensions);
    const sample = group.samples.get(key);
    if (sample) {
      sample.sum += one.sum;
      sample.count += one.count;
    } else {
      group.samples.set(key, { sum: one.sum, count: one.count });
    }
  }
  return found;
}

function labels(dimensions: Series["dimensions"]): string {
  const used = new Set<string>();
  const written = dimensions.map(([dimension, value]) => {
    // `quantile` has a meaning of its own in a summary.
    const plain = identifier(dimension) === "quantile" ? "quantile_" : identifier(dimension);
    let name = plain;
    for (let i = 2; used.has(name); i++) name = `${plain}_${i}`;
    used.add(name);
    return `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
  });
  return written.length === 0 ? "" : `{${written.join(",")}}`;
}

/** A name that metrics and labels may have: letters, digits and underscores, no digit first. */
function identifier(text: string): string {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  return /^[a-z]/.test(name) ? name : `n_${name}`;
}

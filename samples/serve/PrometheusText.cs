using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace NoisyNN.Samples.Serve;

/// <summary>
/// Sums up what meters measure, for Prometheus to read. Names and units become those that OpenTelemetry's exporters give them. A server
/// that has an OpenTelemetry exporter does not need this class.
/// </summary>
sealed class PrometheusText : IDisposable
{
    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> _series = new();

    public PrometheusText(params string[] meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Text exposition format, version 0.0.4.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        foreach (var group in _series.GroupBy(series => series.Key.Instrument).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            var type = TypeOf(group.Key);
            var name = NameOf(group.Key, type);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {group.Key.Description}\n# TYPE {name} {type}\n");
            foreach (var ((_, labels), series) in group.OrderBy(series => series.Key.Labels, StringComparer.Ordinal))
                series.Write(text, name, labels);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _series
            .GetOrAdd(
                (instrument, LabelsOf(tags)),
                static key => new(key.Instrument is Histogram<double> histogram ? histogram.Advice?.HistogramBucketBoundaries ?? [] : null)
            )
            .Add(value);

    static string TypeOf(Instrument instrument) =>
        instrument switch
        {
            Counter<long> => "counter",
            Histogram<double> => "histogram",
            _ => "gauge",
        };

    static string NameOf(Instrument instrument, string type) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (type == "counter" ? "_total" : "");

    static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .ReplaceLineEndings("\\n");
            labels.Append(labels.Length > 0 ? "," : "").Append(name.Replace('.', '_')).Append("=\"").Append(text).Append('"');
        }
        return labels.ToString();
    }

    /// <summary>The sum of one instrument for one set of attributes, with its buckets if it is a histogram.</summary>
    sealed class Series(IReadOnlyList<double>? boundaries)
    {
        readonly Lock _lock = new();
        readonly long[] _buckets = new long[(boundaries?.Count ?? 0) + 1];
        double _sum;

        public void Add(double value)
        {
            lock (_lock)
            {
                _sum += value;
                if (boundaries is null)
                    return;
                var bucket = 0;
                while (bucket < boundaries.Count && value > boundaries[bucket])
                    bucket++;
                _buckets[bucket]++;
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            lock (_lock)
            {
                if (boundaries is null)
                {
                    Line(name, "", _sum);
                    return;
                }
                var count = 0L;
                for (var bucket = 0; bucket < _buckets.Length; bucket++)
                {
                    count += _buckets[bucket];
                    var bound = bucket < boundaries.Count ? boundaries[bucket].ToString(CultureInfo.InvariantCulture) : "+Inf";
                    Line($"{name}_bucket", $"le=\"{bound}\"", count);
                }
                Line($"{name}_sum", "", _sum);
                Line($"{name}_count", "", count);
            }

            void Line(string series, string label, double value)
            {
                var all = labels.Length > 0 && label.Length > 0 ? $"{labels},{label}" : labels + label;
                text.Append(series)
                    .Append(all.Length > 0 ? $"{{{all}}}" : "")
                    .Append(' ')
                    .Append(value.ToString(CultureInfo.InvariantCulture))
                    .Append('\n');
            }
        }
    }
}

using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Columns;

namespace NoisyNN.Benchmarks.Images;

/// <summary>
/// JPEG files to pixels of a network's size: <c>ml.Images.Load</c> on all processors and on one thread, against ML.NET's LoadImages,
/// ResizeImages and ExtractPixels, which decode on the thread that reads, from the same files, in turns. The other side does not check
/// whether files are whole.
/// </summary>
static class ImageDecoding
{
    const int FileCount = 8,
        Rounds = 9,
        Size = 224;

    /// <summary>What keeps a scaled photograph within one grey level in the mean (docs/images.md).</summary>
    const double LeastOversampling = 2.4;

    public static List<Comparison> Compare()
    {
        var folder = Directory.CreateTempSubdirectory("noisynn-images-");
        try
        {
            var (large, small) = (new Photographs(folder.FullName, 1000, 872), new Photographs(folder.FullName, 640, 427));
            var (largeRates, smallRates) = (large.Measure(), small.Measure());
            return
            [
                // One image of each size.
                new("decode-vs-mlimage", "images/s", Both(largeRates.Full, smallRates.Full), Both(largeRates.Peer, smallRates.Peer)),
                new(
                    "one-thread-vs-mlimage",
                    "images/s",
                    Both(largeRates.OneThread, smallRates.OneThread),
                    Both(largeRates.Peer, smallRates.Peer)
                ),
                new("scaled-vs-mlimage", "images/s", Both(largeRates.Scaled, smallRates.Scaled), Both(largeRates.Peer, smallRates.Peer)),
                .. large.Lines(largeRates),
                .. small.Lines(smallRates),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static double Both(double large, double small) => 2 / (1 / large + 1 / small);

    /// <summary>Files of one size, and the four ways to read them.</summary>
    sealed class Photographs
    {
        readonly MLContext _ml = new(seed: 1);
        readonly string _name;
        readonly IDataView _full,
            _oneThread,
            _scaled,
            _peer;

        public Photographs(string folder, int width, int height)
        {
            _name = $"{width}x{height}";
            var names = Enumerable.Range(0, FileCount).Select(index => $"{_name}-{index}.jpg").ToArray();
            foreach (var (index, name) in names.Index())
                File.WriteAllBytes(Path.Combine(folder, name), GeneratedPhotographs.Encode(width, height, seed: index));
            var rows = _ml.Data.LoadFromEnumerable(names.Select(name => new FileRow { Path = name }).ToArray());
            var options = new ImagePixelsEstimator.Options
            {
                Height = Size,
                Width = Size,
                RootFolder = folder,
            };
            _full = _ml.Images.Load(options).Fit(rows).Transform(rows);
            options.ThreadCount = 1;
            _oneThread = _ml.Images.Load(options).Fit(rows).Transform(rows);
            options.Decoder = new() { ScaledDecoding = true, ScaledOversampling = LeastOversampling };
            _scaled = _ml.Images.Load(options).Fit(rows).Transform(rows);
            _peer = _ml
                .Transforms.LoadImages("Image", folder, nameof(FileRow.Path))
                .Append(_ml.Transforms.ResizeImages("Image", Size, Size, resizing: ImageResizingEstimator.ResizingKind.Fill))
                .Append(_ml.Transforms.ExtractPixels("Pixels", "Image"))
                .Fit(rows)
                .Transform(rows);
        }

        /// <summary>Images a second: medians of rounds in which all ways take their turns.</summary>
        public (double Full, double OneThread, double Scaled, double Peer) Measure()
        {
            var (full, oneThread, scaled, peer) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = -2; round < Rounds; round++)
            {
                var rates = (Rate(_full), Rate(_oneThread), Rate(_scaled), Rate(_peer));
                if (round < 0)
                    continue;
                full.Add(rates.Item1);
                oneThread.Add(rates.Item2);
                scaled.Add(rates.Item3);
                peer.Add(rates.Item4);
            }
            return (Comparison.Median(full), Comparison.Median(oneThread), Comparison.Median(scaled), Comparison.Median(peer));
        }

        public IEnumerable<Comparison> Lines((double Full, double OneThread, double Scaled, double Peer) rates) =>
            [
                new($"decode-vs-mlimage-{_name}", "images/s", rates.Full, rates.Peer),
                new($"one-thread-vs-mlimage-{_name}", "images/s", rates.OneThread, rates.Peer),
                new($"scaled-vs-mlimage-{_name}", "images/s", rates.Scaled, rates.Peer),
                new($"difference-mlimage-{_name}", "grey levels in the mean, to 1", Difference(_full, _peer), 1),
                new($"difference-scaled-{_name}", "grey levels in the mean, to 1", Difference(_full, _scaled), 1),
            ];

        static double Rate(IDataView view)
        {
            var clock = Stopwatch.StartNew();
            for (var pass = 0; pass < 2; pass++)
            {
                using var cursor = view.GetRowCursor([view.Schema["Pixels"]]);
                var getPixels = cursor.GetGetter<VBuffer<float>>(view.Schema["Pixels"]);
                var pixels = default(VBuffer<float>);
                while (cursor.MoveNext())
                    getPixels(ref pixels);
            }
            return 2 * FileCount / clock.Elapsed.TotalSeconds;
        }

        static double Difference(IDataView left, IDataView right) =>
            left.GetColumn<float[]>("Pixels")
                .Zip(right.GetColumn<float[]>("Pixels"), (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average())
                .Average();
    }

    sealed class FileRow
    {
        public string Path { get; set; } = "";
    }
}

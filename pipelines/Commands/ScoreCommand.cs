using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Scoring;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>score</c>: images in, a CSV file of predictions out.</summary>
static class ScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file, or the folder of a run." };
        var images = new Argument<string[]>("IMAGES") { Description = "PNG or JPEG files, or folders of them.", Arity = ArgumentArity.ZeroOrMore };
        var data = CommonOptions.Data("Scores rows of a data set instead: a name of data-manifests/ or a folder with one subfolder per class.");
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var gpu = CommonOptions.Gpu();
        var output = new Option<string>("--output") { Description = "The CSV file to write. It appears when it is complete.", HelpName = "FILE", DefaultValueFactory = _ => "scores.csv" };
        var batchSize = CommonOptions.BatchSize();
        var skip = CommonOptions.SkipUnreadable();
        var json = CommonOptions.Json();
        var command = new Command("score", """
            Scores images with an ONNX model, in batches, and writes a CSV file: the image, the predicted class, its probability, and the
            probability of every class. Works on any number of images: they are read, scored and written one batch after the other.

            Example:  noisynn score runs/latest photos/ --output scores.csv
            """) { model, images, data, split, seed, output, batchSize, skip, gpu, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            var files = parsed.GetValue(images) ?? [];
            if (files.Length == 0 == (parsed.GetValue(data) is null))
                throw new UsageException("give either images (files or folders) or --data, one of the two.");
            if (files.Length > 0 && (parsed.GetValue(split) is not null || parsed.GetValue(seed) is not null))
                throw new UsageException("--split and --seed go with --data; images that are named are all scored.");

            OutputFile.Require(path);
            var ml = GpuChoice.ContextForScoring(parsed.GetValue(gpu));
            var request = new DataRequest(parsed.GetValue(model)!, parsed.GetValue(data), parsed.GetValue(split), parsed.GetValue(seed), parsed.GetValue(skip));
            using var classifier = ModelFile.Open(ml, request.Model, parsed.GetValue(batchSize));
            var source = request.Source is null ? null : DataSource.Load(ml, request, classifier.Shape, terminal.Cancellation);
            var (rows, total) = source is null ? Files(files, classifier, request.SkipUnreadable) : (source.Rows, source.Count);
            var clock = Stopwatch.StartNew();
            var count = Write(terminal, classifier, rows, total, path);
            var rowsPerSecond = count / clock.Elapsed.TotalSeconds;
            var skipped = (rows as ImageFileView)?.Skipped ?? new Dictionary<string, string>();
            foreach (var (file, why) in skipped)
                terminal.Note($"skipped: {file}: {why}");
            var skippedCount = source?.Data.SkippedCount ?? skipped.Count;
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, new { Output = path, source?.Split, Rows = count, Skipped = skippedCount, RowsPerSecond = rowsPerSecond });
            else
                terminal.Note(FormattableString.Invariant($"{count}{(source is null ? "" : $" {source.Split}")} rows to {path}, {rowsPerSecond:0} rows/s{(skippedCount > 0 ? $"; {skippedCount} unreadable files skipped" : "")}"));
            return 0;
        });
        return command;
    }

    static (IDataView Rows, long Total) Files(string[] paths, ModelFile classifier, bool skipUnreadable)
    {
        var files = ImagePaths.Find(paths);
        return (new ImageFileView(files, new ImageDecoder(classifier.Shape, new ImageLimits()), skipUnreadable), files.Count);
    }

    static long Write(Terminal terminal, ModelFile classifier, IDataView rows, long total, string path)
    {
        var scored = classifier.Score(rows);
        var count = 0L;
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.NewLine = "\n";
            writer.WriteLine(string.Join(',', ["image", "predicted", "probability", .. classifier.Labels.Select(Quoted)]));

            var (id, score) = (scored.Schema["Id"], scored.Schema["Score"]);
            using var cursor = scored.GetRowCursor([id, score]);
            var getId = cursor.GetGetter<ReadOnlyMemory<char>>(id);
            var getScore = cursor.GetGetter<VBuffer<float>>(score);
            var (name, probabilities) = (default(ReadOnlyMemory<char>), default(VBuffer<float>));
            var clock = Stopwatch.StartNew();
            while (cursor.MoveNext())
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                getId(ref name);
                getScore(ref probabilities);
                var values = probabilities.GetValues();
                var best = ScoreColumns.IndexOfLargest(values);
                writer.Write(Quoted(name.ToString()));
                writer.Write(',');
                writer.Write(best < 0 ? "" : Quoted(classifier.Labels[best]));
                writer.Write(',');
                writer.Write((best < 0 ? float.NaN : values[best]).ToString("0.######", CultureInfo.InvariantCulture));
                foreach (var value in values)
                {
                    writer.Write(',');
                    writer.Write(value.ToString("0.######", CultureInfo.InvariantCulture));
                }
                writer.WriteLine();
                count++;
                terminal.Status(() => FormattableString.Invariant(
                    $"  {count:N0}/{total:N0} images  {count / clock.Elapsed.TotalSeconds:N0} images/s  {Terminal.Duration((total - count) * clock.Elapsed.TotalSeconds / count)} left"));
            }
        });
        terminal.ClearStatus();
        return count;
    }

    /// <summary>A CSV field (RFC 4180).</summary>
    static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

using System.CommandLine;
using System.Text;
using NoisyNN.Pipelines.Data;
using NoisyNN.Transforms.Scoring;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>score</c>: images in, a table of predictions out.</summary>
static class ScoreCommand
{
    const int FewImages = 2000;

    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file, or the folder of a run." };
        var images = new Argument<string[]>("IMAGES") { Description = "PNG or JPEG files, or folders of them.", Arity = ArgumentArity.ZeroOrMore };
        var data = CommonOptions.Data("Scores rows of a data set instead: a name of data-manifests/ or a folder with one subfolder per class.");
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var gpu = CommonOptions.Gpu();
        var output = new Option<string>("--output") { Description = "The table to write, with tabs if it ends in .tsv. It appears when it is complete.", HelpName = "FILE", DefaultValueFactory = _ => "scores.csv" };
        var batchSize = CommonOptions.BatchSize();
        var skip = CommonOptions.SkipUnreadable("Expect images that cannot be read: they are named and left out, and the exit code is 0 all the same.");
        var restart = new Option<bool>("--restart") { Description = "Begin anew, whatever an interrupted run has left." };
        var json = CommonOptions.Json();
        var command = new Command("score", """
            Scores images with an ONNX model, in batches, and writes a table: the image, the predicted class, its probability, and the
            probability of every class. Works on any number of images: they are read, scored and written one batch after the other.
            Interrupted, by Ctrl-C or a power cut, the same command goes on where it stopped, and the table is the same in the end.
            Files that cannot be read are named and left out; the exit code then is 3.

            Example:  noisynn score runs/latest photos/ --output scores.csv
            """) { model, images, data, split, seed, output, batchSize, skip, restart, gpu, json };
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
            var found = request.Source is null ? ImagePaths.Find(files) : [];
            var requested = Fingerprint(request, parsed.GetValue(batchSize), parsed.GetValue(gpu), found, ScoreTable.SeparatorOf(path));
            using var file = ResumableFile.Open(path, requested, parsed.GetValue(restart));
            if (file.Resumed is { } resumed)
                terminal.Note(FormattableString.Invariant($"going on after {resumed.Rows:N0} rows"));
            using var classifier = ModelFile.Open(ml, request.Model, Options(file.Resumed, parsed.GetValue(batchSize), found.Count));

            var run = new ScoringRun(ml, terminal, classifier, path);
            var source = request.Source is null ? null : DataSource.Load(ml, request, classifier.Shape, terminal.Cancellation);
            if (source is null)
                run.Score(file, requested, found);
            else
                run.Score(file, requested, source);

            if (parsed.GetValue(json))
                Json.Write(terminal.Output, new { Output = path, source?.Split, run.Rows, Skipped = run.Unreadable, run.RowsPerSecond, classifier.Setting });
            else
                terminal.Note(FormattableString.Invariant($"{run.Rows}{(source is null ? "" : $" {source.Split}")} rows to {path}, {run.RowsPerSecond:0} rows/s ({classifier.Setting}){(run.Unreadable > 0 ? $"; {run.Unreadable} unreadable files left out" : "")}"));
            return run.Unreadable > 0 && !request.SkipUnreadable ? CommandLine.Incomplete : 0;
        });
        return command;
    }

    static OnnxBatchEstimator.Options Options(TableProgress? resumed, int? batchSize, int imageCount) => resumed is not null
        ? new() { BatchSize = resumed.BatchSize, ParallelRuns = resumed.ParallelRuns, IntraOpNumThreads = resumed.Threads }
        // How many of the images are readable nobody knows beforehand; few are not worth a warm-up in any case.
        : imageCount is > 0 and < FewImages ? new() { BatchSize = batchSize ?? 32, ParallelRuns = 1 } : new() { BatchSize = batchSize };

    /// <summary>Tells a request from every other one whose table would be another.</summary>
    static string Fingerprint(DataRequest request, int? batchSize, int? gpu, IReadOnlyList<string> images, char separator)
    {
        var model = ModelFile.PathOf(request.Model);
        var text = new StringBuilder($"{ContentHash.Of(File.ReadAllBytes(model))}\n{request.Source}\n{request.Split}\n{request.Seed}\n{batchSize}\n{gpu}\n{separator}\n");
        foreach (var image in images)
            text.Append(new FileInfo(image).Length).Append(' ').Append(image).Append('\n');
        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}

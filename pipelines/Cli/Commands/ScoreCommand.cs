using System.CommandLine;
using System.Globalization;
using System.Text;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>score</c>: images or rows of numbers in, a table of predictions or embeddings out.</summary>
static class ScoreCommand
{
    const int FewImages = 2000;

    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file, or the folder of a run." };
        var images = new Argument<string[]>("IMAGES")
        {
            Description = "Image files (PNG, JPEG, WebP, BMP, GIF), or folders of them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var data = CommonOptions.Data(
            "Scores rows of a data set instead: a name of data-manifests/ or a folder with one subfolder per class."
        );
        var input = new Option<string?>("--input")
        {
            Description = "Scores rows of numbers instead: a .npy array, whose first axis counts the rows, or a .csv table.",
            HelpName = "FILE",
        };
        var labelColumn = new Option<string?>("--label-column")
        {
            Description = "With a .csv --input: its column of labels, which is left out; none if every column is a feature.",
            HelpName = "NAME",
        };
        var tables = new TableArguments();
        var tensor = new Option<string?>("--tensor")
        {
            Description = "The model's output to write as it is, as ClassToken for embeddings. Default: its predictions.",
            HelpName = "NAME",
        };
        var imageSize = CommonOptions.ImageSize();
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var gpu = CommonOptions.Gpu();
        var output = new Option<string>("--output")
        {
            Description = "The table to write, with tabs if it ends in .tsv. It appears when it is complete.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "scores.csv",
        };
        var batchSize = CommonOptions.BatchSize();
        var skip = CommonOptions.SkipUnreadable(
            "Expect images that cannot be read: they are named and left out, and the exit code is 0 all the same."
        );
        var restart = new Option<bool>("--restart") { Description = "Begin anew, whatever an interrupted run has left." };
        var json = CommonOptions.Json();
        var command = new Command(
            "score",
            """
            Scores images, or rows of numbers, with an ONNX model, in batches, and writes a table: the image, the predicted class, its probability,
            and the probability of every class; of a model without classes, or with --tensor, the values of its output. Works on any number of
            rows: they are read, scored and written one batch after the other.
            Interrupted, by Ctrl-C or a power cut, the same command goes on where it stopped, and the table is the same in the end.
            Files that cannot be read are named and left out; the exit code then is 3.

            Example:  noisynn score runs/latest photos/ --output scores.csv
                      noisynn score model.onnx photos/ --tensor ClassToken --output embeddings.csv
            """
        )
        {
            model,
            images,
            data,
            input,
            labelColumn,
            split,
            seed,
            tensor,
            imageSize,
            output,
            batchSize,
            skip,
            restart,
            gpu,
            json,
        };
        tables.AddTo(command, hasLabels: false);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            var files = parsed.GetValue(images) ?? [];
            if ((files.Length > 0 ? 1 : 0) + (parsed.GetValue(data) is null ? 0 : 1) + (parsed.GetValue(input) is null ? 0 : 1) != 1)
                throw new UsageException("give either images (files or folders) or --data or --input, one of the three.");
            if (parsed.GetValue(data) is null && (parsed.GetValue(split) is not null || parsed.GetValue(seed) is not null))
                throw new UsageException("--split and --seed go with --data; images that are named and rows of --input are all scored.");
            if (parsed.GetValue(input) is not null && (parsed.GetValue(imageSize) is not null || parsed.GetValue(skip)))
                throw new UsageException("--image-size and --skip-unreadable go with images, not with --input.");

            if (
                parsed.GetValue(input) is null
                && (tables.Given(parsed) ?? (parsed.GetValue(labelColumn) is null ? null : labelColumn.Name)) is { } stray
            )
                throw new UsageException($"{stray} goes with --input.");

            var place = OutputFile.Require(path);
            if (place.IsStandardOutput && parsed.GetValue(json))
                throw new UsageException("--json and the table would both go to standard output; give another --output.");
            var ml = GpuChoice.ContextForScoring(parsed.GetValue(gpu));
            var request = new DataRequest(
                parsed.GetValue(model)!,
                parsed.GetValue(data),
                parsed.GetValue(split),
                parsed.GetValue(seed),
                parsed.GetValue(skip)
            );
            var found = request.Source is null && parsed.GetValue(input) is null ? ImagePaths.Find(files) : [];
            IReadOnlyList<string> read = parsed.GetValue(input) is { } rowFile ? [rowFile] : found;
            var parts = OnnxFile.Parts(ModelFile.PathOf(request.Model));
            OutputFile.RefuseInput(place, parts.Concat(read));
            foreach (var line in ImagePaths.SameLooks(found))
                terminal.Note(line);
            var requested = Fingerprint(
                request,
                parts,
                $"{parsed.GetValue(batchSize)} {parsed.GetValue(gpu)} {parsed.GetValue(tensor)} {parsed.GetValue(imageSize)} {ScoreTable.SeparatorOf(path)} "
                    + $"{parsed.GetValue(labelColumn)} {tables.Describe(parsed)}",
                read
            );
            using var file = ResumableFile.Open(path, requested, parsed.GetValue(restart));
            if (file.Resumed is { } resumed)
                terminal.Note(FormattableString.Invariant($"going on after {resumed.Rows:N0} rows"));

            var options = Options(file.Resumed, parsed.GetValue(batchSize), found.Count);
            (options.Output, options.Cancellation) = (parsed.GetValue(tensor), terminal.Cancellation);
            var vectors = parsed.GetValue(input) is { } named
                ? RowFile.Load(ml, named, parsed.GetValue(labelColumn), tables.Read(parsed, named).Rows, terminal.Note)
                : null;
            using var classifier = vectors is null
                ? ModelFile.OpenUnlabelled(ml, request.Model, options, ImageSize.Parse(parsed.GetValue(imageSize)))
                : ModelFile.OpenForRows(ml, request.Model, options, vectors);
            var run = new ScoringRun(ml, terminal, classifier, path, isPlain: options.Output is not null);
            var source = request.Source is null ? null : DataSource.Load(ml, request, classifier.Shape, terminal.Cancellation);
            if (vectors is not null)
                run.Score(file, requested, vectors);
            else if (source is null)
                run.Score(file, requested, found);
            else
                run.Score(file, requested, source);

            if (parsed.GetValue(json))
                Json.Write(
                    terminal.Output,
                    new
                    {
                        Output = path,
                        source?.Split,
                        run.Rows,
                        Skipped = run.Unreadable,
                        run.RowsPerSecond,
                        classifier.Setting,
                    }
                );
            else
                terminal.Note(
                    FormattableString.Invariant(
                        $"{run.Rows}{(source is null ? "" : $" {source.Split}")} rows to {path}, {run.RowsPerSecond:0} rows/s ({classifier.Setting}){(run.Unreadable > 0 ? $"; {run.Unreadable} unreadable files left out" : "")}"
                    )
                );
            return run.Unreadable > 0 && !request.SkipUnreadable ? ExitCode.Incomplete : 0;
        });
        return command;
    }

    static OnnxBatchEstimator.Options Options(TableProgress? resumed, int? batchSize, int imageCount) =>
        resumed is not null
            ? new()
            {
                BatchSize = resumed.BatchSize,
                ParallelRuns = resumed.ParallelRuns,
                IntraOpNumThreads = resumed.Threads,
            }
        // How many of the images are readable nobody knows beforehand; few are not worth a warm-up in any case.
        : imageCount is > 0 and < FewImages ? new() { BatchSize = batchSize ?? 32, ParallelRuns = 1 }
        : new() { BatchSize = batchSize };

    /// <summary>Tells a request from every other one whose table would be another.</summary>
    static string Fingerprint(DataRequest request, IReadOnlyList<string> parts, string options, IReadOnlyList<string> files)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            using var content = File.OpenRead(part);
            text.Append(ContentHash.Of(content)).Append('\n');
        }
        text.Append(CultureInfo.InvariantCulture, $"{request.Source}\n{request.Split}\n{request.Seed}\n{options}\n");
        // A name that is no UTF-8 cannot be asked for: scoring names it and leaves it out.
        foreach (var file in files.Select(file => new FileInfo(file)))
            text.Append(CultureInfo.InvariantCulture, $"{(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks} {file}\n");
        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}

using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports.Models;
using NoisyNN.Pipelines.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>evaluate</c>: the accuracy of a model on labelled images.</summary>
sealed class EvaluateCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _model = CommonOptions.Model();
    readonly LabelledImageOptions _images = new(
        "Labelled images: a folder with one subfolder per class, or a data set of data-manifests/ by name. Default: the data of the run.",
        CommonOptions.SkipUnreadable()
    );
    readonly Option<string?> _imageSize = CommonOptions.ImageSize();
    readonly Option<int?> _batchSize = CommonOptions.BatchSize();
    readonly Option<int?> _gpu = CommonOptions.Gpu();
    readonly Option<string?> _output = new("--output")
    {
        Description =
            "A folder for the results: evaluation.json, classes.csv, confusion.csv, predictions.csv and report.html. It must be new or "
            + "empty, or hold an earlier evaluation, which is replaced. Default: the results are printed only.",
        HelpName = "DIR",
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public EvaluateCommand(Terminal terminal)
        : base(
            "evaluate",
            """
            Scores labelled images with an ONNX model. For the folder of a run, this is its noisy network; 'noisynn export --network vanilla'
            writes the other one. Prints the accuracy with its 95 % interval, the figures of each class and the confusion matrix. --output
            writes them into a folder, with a report. No noise is added, unless the exported model contains it.

            Example:  noisynn evaluate runs/latest
            """
        )
    {
        _terminal = terminal;
        Add(_model);
        _images.AddTo(this);
        foreach (var option in (Option[])[_imageSize, _batchSize, _gpu, _output, _json])
            Add(option);
        SetAction(parsed => Run(Read(parsed)));
    }

    Settings Read(ParseResult parsed) =>
        new(
            _images.Read(parsed, parsed.GetValue(_model)!),
            parsed.GetValue(_imageSize),
            parsed.GetValue(_batchSize),
            parsed.GetValue(_gpu),
            parsed.GetValue(_output),
            parsed.GetValue(_json),
            RunOptions.Repeat(parsed)
        );

    int Run(Settings settings)
    {
        var folder = settings.Output is null ? null : EvaluationFolder.Require(settings.Output);
        var ml = GpuChoice.ContextForScoring(settings.Gpu);
        using var classifier = ModelFile.Open(
            ml,
            settings.Request.Model,
            settings.BatchSize,
            settings.Request.IsTrusted,
            _terminal.Cancellation,
            ImageSize.Parse(settings.ImageSize),
            settings.Request.Pixels
        );
        if (classifier.Warning is { } warning)
            _terminal.Note(warning);
        var source = DataSource.Load(ml, settings.Request, classifier.Shape, _terminal.Cancellation);
        var predictions = ModelEvaluation.Predict(ml, classifier, source);
        var evaluation = ModelEvaluation.Of(classifier, source, predictions);
        folder?.Write(
            evaluation,
            predictions,
            source.Rows,
            EvaluationPictures.Of(ml, settings.Request.Model, classifier, predictions, source.Rows, _terminal.Cancellation),
            settings.Command
        );
        if (settings.IsJson)
            Json.Write(_terminal.Output, evaluation);
        else
            evaluation.Print(_terminal);
        return 0;
    }

    sealed record Settings(DataRequest Request, string? ImageSize, int? BatchSize, int? Gpu, string? Output, bool IsJson, string Command);
}

using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Onnx.Auditing;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>audit</c>: whether labels leak between the rows of a batch.</summary>
sealed class AuditCommand : Command
{
    static readonly AuditOptions s_default = new();

    readonly Terminal _terminal;
    readonly Argument<string> _model = CommonOptions.Model();
    readonly LabelledImageOptions _images = new(
        "Labelled images: a folder with one subfolder per class, or a data set of data-manifests/ by name. Default: the data of the run.",
        CommonOptions.SkipUnreadable()
    );
    readonly Option<int[]> _batches = new("--batch-sizes")
    {
        Description = "Batch sizes above 1 to try.",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. s_default.BatchSizes],
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int[]>() is not { Length: > 0 } sizes || sizes.Any(size => size < 2))
                    result.AddError("--batch-sizes takes whole numbers of at least 2, such as --batch-sizes 10 64.");
            },
        },
    };
    readonly Option<int> _rows = new("--rows")
    {
        Description = "The most images, chosen at random; all are held in memory.",
        HelpName = "N",
        DefaultValueFactory = _ => s_default.RowCount,
        Validators =
        {
            result =>
            {
                if (result.GetValueOrDefault<int>() < 2)
                    result.AddError("--rows must be at least 2.");
            },
        },
    };
    readonly Option<string?> _imageSize = CommonOptions.ImageSize();
    readonly Option<string?> _tensor = new("--tensor")
    {
        Description = "The output of the model with one score for each class. Default: Score or, if there is none, the first.",
        HelpName = "NAME",
    };
    readonly Option<int?> _gpu = CommonOptions.Gpu();
    readonly Option<bool> _json = CommonOptions.Json();

    public AuditCommand(Terminal terminal)
        : base(
            "audit",
            """
            Tells whether the predictions of an ONNX classifier depend on the other images of a batch, and whether labels leak that way. The
            model may come from anywhere. Its images run alone, in class-sorted order and in shuffled orders, at several batch sizes. The
            leak index is accuracy in class-sorted order minus accuracy in shuffled order. The command names the operator that mixes images,
            if it finds one. The exit code is 0 for a clean model, and 4 for a model whose predictions depend on the batch.

            Example:  noisynn audit model.onnx --data photos/
            """
        )
    {
        _terminal = terminal;
        Add(_model);
        _images.AddTo(this);
        foreach (var option in (Option[])[_batches, _rows, _tensor, _imageSize, _gpu, _json])
            Add(option);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var request = _images.Read(parsed, parsed.GetValue(_model)!);
        var ml = GpuChoice.ContextForScoring(parsed.GetValue(_gpu));
        var options = new OnnxBatchEstimator.Options
        {
            BatchSize = 1,
            Output = parsed.GetValue(_tensor),
            Cancellation = _terminal.Cancellation,
        };
        DataSource source;
        using (
            var model = ModelFile.OpenUnlabelled(
                ml,
                request.Model,
                options,
                request.IsTrusted,
                ImageSize.Parse(parsed.GetValue(_imageSize)),
                request.Pixels
            )
        )
            source = DataSource.Load(ml, request, model.Shape, _terminal.Cancellation);
        var audit = ml.Evaluation.Audit(
            source.Rows,
            options,
            options: new() { BatchSizes = parsed.GetValue(_batches)!, RowCount = parsed.GetValue(_rows) }
        );
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, audit);
        else
            AuditText.Print(_terminal, audit, source);
        return audit.Verdict is AuditVerdict.Clean ? 0 : ExitCode.Leaking;
    }
}

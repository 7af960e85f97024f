using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports.Advice;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Entropy.Advice;

namespace NoisyNN.Pipelines.Cli.Commands.Advice;

/// <summary><c>screen</c>: ranks noises by how they change the DSMI of a column with the labels.</summary>
sealed class ScreenCommand : Command
{
    const string OnEmbedding = "embedding",
        OnPixels = "pixels";

    readonly Terminal _terminal;
    readonly EncodedImageOptions _images = new();
    readonly Option<string> _on = new("--on")
    {
        Description = "With --network: what the noise is added to, embedding or pixels.",
        HelpName = "PLACE",
        DefaultValueFactory = _ => OnEmbedding,
    };
    readonly ScreenOptions _options = new();
    readonly Option<bool> _json = CommonOptions.Json();
    readonly VectorRows _vectors = new();

    public ScreenCommand(Terminal terminal)
        : base(
            "screen",
            """
            Ranks noises by how much they change a spectral dependence measure (DSMI, in bits) between the pixels, or an embedding, and the
            labels. It trains nothing, so it does not tell whether a network gains: DSMI also rises with noise that contracts rows, and such
            noise has cost networks 15 points of accuracy and more. 'noisynn advise' trains. The measure is taken on groups of training
            rows, with 95 % intervals that hold for all noises together. The table marks noises for which the formula of the NoisyNN paper
            (arXiv 2309.10625) predicts the opposite effect.

            Example:  noisynn screen --data fashion-mnist
            """
        )
    {
        _terminal = terminal;
        _on.AcceptOnlyFromAmong(OnEmbedding, OnPixels);
        _images.AddTo(this);
        Add(_on);
        _options.AddTo(this);
        Add(_json);
        _vectors.AddTo(this);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var ml = new MLContext(seed: _options.Seed(parsed) ?? 1);
        var settings = _options.Read(parsed);
        var report = _vectors.AreNamed(parsed) ? OfFile(ml, parsed, settings) : OfImages(ml, parsed, settings);
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, report);
        else
            report.Print(_terminal);
        return 0;
    }

    ScreenReport OfFile(MLContext ml, ParseResult parsed, AdviceOptions settings)
    {
        _images.Refuse(parsed);
        var (source, table) = _vectors.Load(ml, parsed, _terminal);
        return ScreenReport.Of(source, VectorRows.Column, VectorRows.Column, Screen(ml, table, VectorRows.Column, settings));
    }

    ScreenReport OfImages(MLContext ml, ParseResult parsed, AdviceOptions settings)
    {
        const string pixels = EncodedImages.Pixels,
            embedding = EncodedImages.Embedding;
        using var images = EncodedImages.Load(ml, _images.Read(parsed, _options.Seed(parsed)), _terminal.Cancellation);
        if (images.Warning is { } warning)
            _terminal.Note(warning);
        if (images.Encoder is not { } encoder)
            return ScreenReport.Of(images.Name, pixels, pixels, Screen(ml, images.Rows, pixels, settings));
        if (parsed.GetValue(_on) == OnEmbedding)
            return ScreenReport.Of(images.Name, embedding, embedding, Screen(ml, encoder.Transform(images.Rows), embedding, settings));

        var throughNetwork = settings with { Network = encoder, MeasuredColumnName = embedding };
        return ScreenReport.Of(images.Name, pixels, embedding, Screen(ml, images.Rows, pixels, throughNetwork));
    }

    NoiseAdvice Screen(MLContext ml, IDataView rows, string column, AdviceOptions settings) =>
        ml.Entropy.Screen(rows, column, "Label", settings, _terminal.Cancellation);
}

using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Entropy.Advice;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>advise</c>: ranks noises by how they change what a column tells about the labels.</summary>
sealed class AdviseCommand : Command
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
    readonly AdviseOptions _options = new();
    readonly Option<bool> _json = CommonOptions.Json();
    readonly VectorRows _vectors = new();

    public AdviseCommand(Terminal terminal)
        : base(
            "advise",
            """
            Ranks noises, before any training, by how much they change what the pixels or an embedding tell about the labels. The measure is
            the diffusion spectral mutual information (DSMI), in bits. It is taken on groups of training rows, with 95 % intervals that hold
            for all noises together. If no interval lies above 0, the advice is "none": train without noise. The table marks noises for
            which the formula of the NoisyNN paper (arXiv 2309.10625) predicts the opposite effect.

            Example:  noisynn advise --data fashion-mnist
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

    AdviceReport OfFile(MLContext ml, ParseResult parsed, AdviceOptions settings)
    {
        _images.Refuse(parsed);
        var (source, table) = _vectors.Load(ml, parsed, _terminal);
        return AdviceReport.Of(source, VectorRows.Column, VectorRows.Column, Advise(ml, table, VectorRows.Column, settings));
    }

    AdviceReport OfImages(MLContext ml, ParseResult parsed, AdviceOptions settings)
    {
        const string pixels = EncodedImages.Pixels,
            embedding = EncodedImages.Embedding;
        using var images = EncodedImages.Load(ml, _images.Read(parsed, _options.Seed(parsed)), _terminal.Cancellation);
        if (images.Warning is { } warning)
            _terminal.Note(warning);
        if (images.Encoder is not { } encoder)
            return AdviceReport.Of(images.Name, pixels, pixels, Advise(ml, images.Rows, pixels, settings));
        if (parsed.GetValue(_on) == OnEmbedding)
            return AdviceReport.Of(images.Name, embedding, embedding, Advise(ml, encoder.Transform(images.Rows), embedding, settings));

        var throughNetwork = settings with { Network = encoder, MeasuredColumnName = embedding };
        return AdviceReport.Of(images.Name, pixels, embedding, Advise(ml, images.Rows, pixels, throughNetwork));
    }

    NoiseAdvice Advise(MLContext ml, IDataView rows, string column, AdviceOptions settings) =>
        ml.Entropy.Advise(rows, column, "Label", settings, _terminal.Cancellation);
}

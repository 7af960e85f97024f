using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What the template <c>classes.liquid</c> shows of a classifier.</summary>
/// <param name="Name">What the classifier is called.</param>
/// <param name="Figures">Its figures.</param>
/// <param name="Counts">Rows of each true class, by the predicted class; empty where they were not kept.</param>
sealed record ClassSection(string Name, Classification Figures, IReadOnlyList<IReadOnlyList<long>> Counts)
{
    const int LongestSide = 96;

    /// <summary>The network that it is compared with; null for none.</summary>
    public RunSummary? Other { get; init; }

    /// <summary>The errors with the most confidence.</summary>
    public IReadOnlyList<ShownError> Errors { get; init; } = [];

    /// <summary>The size of the images of the errors.</summary>
    public ImageShape Shape { get; init; }

    /// <summary>The members that the template names.</summary>
    public object Shown() =>
        new
        {
            Name,
            Figures,
            Other,
            Confusion = ConfusionTable.Of(Figures, Counts),
            Reliability = Figures.Calibration is { } calibration ? new ReliabilityChart(calibration).ToSvg() : null,
            Errors = Errors.Select(error => new
            {
                error.Label,
                error.Probability,
                error.Predicted,
                error.Confidence,
                Id = error.Image.Caption,
                Address = Picture.Of(error.Image.Pixels, Shape, LongestSide).ToDataUri(),
            }),
        };
}

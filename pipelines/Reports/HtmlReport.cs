using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Pipelines.Reports.Measuring;
using NoisyNN.Pipelines.Reports.Templates;
using static NoisyNN.Pipelines.Reports.Templates.ReportFigures;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The run's report: one self-contained page, made for a laptop's screen and for paper.</summary>
public static class HtmlReport
{
    /// <summary>Renders the page. It loads nothing: styles and drawings are inside.</summary>
    /// <param name="summary">All figures.</param>
    /// <param name="curves">The course of each training.</param>
    /// <param name="pictures">Images, and what the networks make of them; null for a page without.</param>
    public static string Render(Summary summary, IReadOnlyList<TrainingCurve> curves, RunPictures? pictures = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(curves);
        return ReportTemplate.Render(
            "experiment",
            new
            {
                Summary = summary,
                Pictures = pictures?.Shown(),
                Classes = Classes(summary, pictures)?.Shown(),
                Measured = curves.SelectMany(curve => MeasuredCourse.Charts(curve.Name, curve.Measured)).ToArray(),
                Tensors = summary.Onnx is { Inputs.Count: > 0 } onnx
                    ? new TensorDiagram(onnx.Path, [.. onnx.Inputs.Select(Tensor)], [.. onnx.Outputs.Select(Tensor)]).ToSvg()
                    : null,
                HasBounds = summary.Runs.All(run => run.Bound is not null),
                Charts = new
                {
                    Accuracy = Chart("Validation accuracy", point => point.ValidationAccuracy, value => $"{Number(value * 100)} %"),
                    Loss = Chart("Training loss", point => point.TrainLoss, Number),
                    Bound = Chart("Bound of training rows", point => -point.TrainLoss, Number),
                    ValidationBound = Chart("Bound of validation rows", point => -point.ValidationLoss, Number),
                    Divergence = Chart("Divergence of training rows", point => point.Divergence ?? double.NaN, Number),
                },
            }
        );

        static TensorDiagram.Tensor Tensor(TensorSummary tensor) => new(tensor.Name, $"{tensor.Type} [{string.Join(", ", tensor.Shape)}]");

        static ClassSection? Classes(Summary summary, RunPictures? pictures) =>
            summary.Runs[^1] is not { Classification: { } figures } last
                ? null
                : new ClassSection($"The {last.Name} network on the test rows, noise off", figures, pictures?.Confusion ?? [])
                {
                    Other = summary.Runs is [{ Classification: not null } first, _] ? first : null,
                    Errors = pictures?.Errors ?? [],
                    Shape = pictures?.Shape ?? default,
                };

        string Chart(string title, Func<EpochPoint, double> value, Func<double, string> format) =>
            new LineChart(
                title,
                [
                    .. curves.Select(curve => new LineChart.Series(
                        curve.Name,
                        StyleOf(curve.Name),
                        [.. curve.Epochs.Select(point => ((double)point.Epoch, value(point)))]
                    )),
                ],
                format
            ).ToSvg();
    }
}

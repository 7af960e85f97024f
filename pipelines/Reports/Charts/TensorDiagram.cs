using System.Text;
using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Markup;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>The inputs of a model file on the left and its outputs on the right as inline SVG, each with its type and shape.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
sealed record TensorDiagram(string File, IReadOnlyList<TensorDiagram.Tensor> Inputs, IReadOnlyList<TensorDiagram.Tensor> Outputs)
{
    /// <summary>An input or an output.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Form">Its type and shape: "float [N, 10]".</param>
    internal sealed record Tensor(string Name, string Form);

    const double Width = 700,
        BoxHeight = 44,
        Gap = 14,
        Margin = 2,
        TensorWidth = 210,
        FileLeft = 280,
        FileWidth = 140;

    // More outputs fit no page; the file lists all of them.
    const int MostTensors = 8;

    public string ToSvg()
    {
        var (inputs, outputs) = (Inputs.Take(MostTensors).ToList(), Outputs.Take(MostTensors).ToList());
        var rows = Math.Max(1, Math.Max(inputs.Count, outputs.Count));
        var height = rows * BoxHeight + (rows - 1) * Gap + 2 * Margin;
        var middle = height / 2;
        var title = $"{File}: {Listed(Inputs)} to {Listed(Outputs)}";
        var svg = new StringBuilder(
            Invariant(
                $"""<svg class="tensors" viewBox="0 0 {Width} {height}" role="img" aria-label="{Text(title)}"><title>{Text(title)}</title>"""
            )
        );
        for (var index = 0; index < inputs.Count; index++)
        {
            var top = Top(index, inputs.Count, height);
            Box(svg, inputs[index], Margin, top);
            Arrow(svg, Margin + TensorWidth, top + BoxHeight / 2, FileLeft, middle);
        }
        for (var index = 0; index < outputs.Count; index++)
        {
            var top = Top(index, outputs.Count, height);
            Box(svg, outputs[index], Width - Margin - TensorWidth, top);
            Arrow(svg, FileLeft + FileWidth, middle, Width - Margin - TensorWidth, top + BoxHeight / 2);
        }
        svg.Append(
            Invariant(
                $"""<rect class="file" x="{FileLeft}" y="{middle - BoxHeight / 2}" width="{FileWidth}" height="{BoxHeight}" rx="4"/>"""
            )
        );
        svg.Append(
            Invariant($"""<text class="name" text-anchor="middle" x="{FileLeft + FileWidth / 2}" y="{middle + 4}">{Text(File)}</text>""")
        );
        return svg.Append("</svg>").ToString();
    }

    static double Top(int index, int count, double height) =>
        (height - count * BoxHeight - (count - 1) * Gap) / 2 + index * (BoxHeight + Gap);

    static void Box(StringBuilder svg, Tensor tensor, double left, double top)
    {
        svg.Append(Invariant($"""<rect x="{left}" y="{top:F1}" width="{TensorWidth}" height="{BoxHeight}" rx="4"/>"""));
        svg.Append(Invariant($"""<text class="name" x="{left + 10}" y="{top + 18:F1}">{Text(tensor.Name)}</text>"""));
        svg.Append(Invariant($"""<text x="{left + 10}" y="{top + 35:F1}">{Text(tensor.Form)}</text>"""));
    }

    static void Arrow(StringBuilder svg, double fromX, double fromY, double toX, double toY)
    {
        var bend = (fromX + toX) / 2;
        svg.Append(
            Invariant(
                $"""<path class="flow" d="M{fromX},{fromY:F1} C{bend:F1},{fromY:F1} {bend:F1},{toY:F1} {toX - 7},{toY:F1} m0,-4 l7,4 l-7,4"/>"""
            )
        );
    }

    static string Listed(IEnumerable<Tensor> tensors) => string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {tensor.Form}"));
}

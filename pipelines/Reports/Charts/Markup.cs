using System.Net;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>Text as it may stand inside a drawing or a page.</summary>
static class Markup
{
    public static string Text(string text) => WebUtility.HtmlEncode(Printable.Lines(text));
}

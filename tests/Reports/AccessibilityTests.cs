using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace NoisyNN.Tests.Reports;

/// <summary>
/// What the rules of WCAG 2.1 that a program can check ask of each page: names of pictures, order of headings, reach by the keyboard,
/// contrast of the colours in light and in dark.
/// </summary>
[TestClass]
public sealed partial class AccessibilityTests
{
    public static IEnumerable<object[]> Kinds => ExamplePages.Kinds.Select(kind => new object[] { kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Every_picture_has_a_name(string kind)
    {
        var page = ExamplePages.Render(kind);

        foreach (Match image in Image().Matches(page))
            Assert.IsTrue(Named(image.Value, "alt"), image.Value);
        foreach (Match drawing in Drawing().Matches(page))
        {
            Assert.IsTrue(Named(drawing.Value, "aria-label"), drawing.Value);
            StringAssert.Contains(drawing.Value, "role=\"img\"");
        }
        Assert.IsGreaterThan(0, Image().Count(page) + Drawing().Count(page));
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void There_is_one_first_heading_and_no_level_is_left_out(string kind)
    {
        int[] levels = [.. Heading().Matches(ExamplePages.Render(kind)).Select(heading => heading.Groups[1].Value[0] - '0')];

        Assert.AreEqual(1, levels[0]);
        Assert.HasCount(1, levels.Where(level => level == 1));
        foreach (var (above, below) in levels.Zip(levels.Skip(1)))
            Assert.IsLessThanOrEqualTo(above + 1, below, string.Join(' ', levels));
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void The_page_names_its_language_and_its_main_part_and_can_be_scrolled_by_keyboard(string kind)
    {
        var page = ExamplePages.Render(kind);

        StringAssert.Contains(page, "<html lang=\"en\">");
        Assert.HasCount(1, Regex.Matches(page, "<main>"));
        Assert.IsFalse(Regex.IsMatch(page, "<div class=\"scroll\"(?![^>]*tabindex=\"0\")"), "what scrolls takes the focus");
        Assert.IsFalse(page.Contains("<th></th>", StringComparison.Ordinal), "a header cell says what it heads");
        Assert.IsFalse(page.Contains("maximum-scale", StringComparison.Ordinal), "the reader may zoom");
        string[] ids = [.. Regex.Matches(page, " id=\"([^\"]+)\"").Select(id => id.Groups[1].Value)];
        Assert.HasCount(ids.Distinct().Count(), ids);
    }

    [TestMethod]
    [DataRow("ink", "paper", 4.5)]
    [DataRow("soft", "paper", 4.5)]
    [DataRow("ink", "ground", 4.5)]
    [DataRow("vanilla", "paper", 4.5)]
    [DataRow("noisy", "paper", 4.5)]
    [DataRow("up", "paper", 4.5)]
    [DataRow("down", "paper", 4.5)]
    public void Text_stands_out_from_its_ground_in_light_and_in_dark(string text, string ground, double least)
    {
        var page = ExamplePages.Render("experiment");
        var light = Palette(page[..page.IndexOf("@media", StringComparison.Ordinal)]);
        var dark = Palette(page[page.IndexOf("prefers-color-scheme: dark", StringComparison.Ordinal)..]);

        foreach (var palette in new[] { light, dark })
            Assert.IsGreaterThanOrEqualTo(least, Contrast(palette[text], palette[ground]), $"--{text} on --{ground}");
    }

    /// <summary>(L1 + 0.05) / (L2 + 0.05) of WCAG 2.1.</summary>
    static double Contrast(string first, string second)
    {
        var (a, b) = (Luminance(first), Luminance(second));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    static double Luminance(string colour)
    {
        double[] weights = [0.2126, 0.7152, 0.0722];
        return weights
            .Select(
                (weight, channel) =>
                {
                    var value = byte.Parse(colour.AsSpan(2 * channel, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
                    return weight * (value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4));
                }
            )
            .Sum();
    }

    [TestMethod]
    public void The_contrast_of_black_and_white_is_21() => Assert.AreEqual(21, Contrast("000000", "ffffff"), 1e-9);

    /// <summary>The colours of the first rule in a style.</summary>
    static Dictionary<string, string> Palette(string style) =>
        Colour()
            .Matches(style[..style.IndexOf('}', StringComparison.Ordinal)])
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    static bool Named(string element, string attribute) =>
        Regex.Match(element, $"{attribute}=\"([^\"]*)\"") is { Success: true } name
        && WebUtility.HtmlDecode(name.Groups[1].Value).Trim().Length > 0;

    [GeneratedRegex("<img [^>]*>")]
    private static partial Regex Image();

    [GeneratedRegex("<svg [^>]*>")]
    private static partial Regex Drawing();

    [GeneratedRegex("<h([1-6])")]
    private static partial Regex Heading();

    [GeneratedRegex("--([a-z]+): #([0-9a-fA-F]{6})")]
    private static partial Regex Colour();
}

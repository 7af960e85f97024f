using System.Globalization;
using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Reports.Charts;

namespace NoisyNN.Tests.Reports;

/// <summary>The chart of one setting of a sweep.</summary>
[TestClass]
public sealed partial class SettingChartTests
{
    static double[] Places(params string[] values) =>
        [
            .. Dot()
                .Matches(new SettingChart("a <setting>", [.. values.Select(value => (value, 0.5))], figure => $"{figure}").ToSvg())
                .Select(dot => double.Parse(dot.Groups[1].Value, CultureInfo.InvariantCulture)),
        ];

    [TestMethod]
    public void Numbers_stand_at_their_place_and_those_that_span_decades_on_a_logarithmic_axis()
    {
        var linear = Places("1", "2", "4");
        Assert.AreEqual(2 * (linear[1] - linear[0]), linear[2] - linear[1], 0.2);

        var logarithmic = Places("1e-4", "0.001", "1E-2");
        Assert.AreEqual(logarithmic[1] - logarithmic[0], logarithmic[2] - logarithmic[1], 0.2);
        Assert.IsGreaterThan(50, logarithmic[1] - logarithmic[0]);
    }

    [TestMethod]
    public void Words_stand_side_by_side_and_equal_ones_at_one_place()
    {
        var words = Places("binary", "none", "binary");

        Assert.AreEqual(words[0], words[2]);
        Assert.IsGreaterThan(words[0], words[1]);
    }

    [TestMethod]
    public void What_a_user_wrote_is_text_in_the_chart() =>
        StringAssert.Contains(new SettingChart("a <setting>", [("<b>", 1), ("2", 2)], figure => $"{figure}").ToSvg(), "a &lt;setting&gt;");

    [GeneratedRegex("<circle class=\"dot noisy\" cx=\"([0-9.]+)\"")]
    private static partial Regex Dot();
}

using System.Globalization;

namespace NoisyNN.Pipelines.Reports;

/// <summary>How reports write figures, in the same way everywhere.</summary>
static class ReportFigures
{
    /// <summary>A fraction, in percent.</summary>
    public static string Percent(double fraction) => (fraction * 100).ToString("F2", CultureInfo.InvariantCulture) + " %";

    /// <summary>A difference of fractions with its sign, in percentage points.</summary>
    public static string Points(double fraction) => (fraction * 100).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>A standard deviation of fractions, in percentage points.</summary>
    public static string Deviation(double fraction) => (fraction * 100).ToString("0.00", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Scientific(double value) => value == 0 ? "0" : value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    public static string Nats(double nats) => nats.ToString(nats >= 10 ? "N0" : "G2", CultureInfo.InvariantCulture) + " nats";

    public static string NatsPerImage(double nats) => nats.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>The class of the style sheet that gives a network its colour.</summary>
    public static string StyleOf(string network) => network == "vanilla" ? "vanilla" : "noisy";
}

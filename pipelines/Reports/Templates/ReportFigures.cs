using System.Globalization;

namespace NoisyNN.Pipelines.Reports.Templates;

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

    /// <summary>What a network is judged by: a bound in nats, or an accuracy.</summary>
    public static string Judged(double figure, bool isBound) => isBound ? $"{NatsPerImage(figure)} nats" : Percent(figure);

    /// <summary>The deviation of what a network is judged by: nats, or percentage points.</summary>
    public static string JudgedDeviation(double figure, bool isBound) => isBound ? NatsPerImage(figure) : Deviation(figure);

    /// <summary>A difference of what networks are judged by, with its sign: nats, or percentage points.</summary>
    public static string JudgedDifference(double figure, bool isBound) => Points(isBound ? figure / 100 : figure);

    public static string NatsPerImage(double nats) => nats.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>The class of the style sheet that gives a network its colour: the baseline has one of its own.</summary>
    public static string StyleOf(string network) => network is "vanilla" or "gaussian" ? "vanilla" : "noisy";
}

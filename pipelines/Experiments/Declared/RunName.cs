namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The names that a run and its folder can have.</summary>
static class RunName
{
    /// <summary>The name of the link to the newest complete run; no run can have it.</summary>
    public const string Latest = "latest";

    /// <summary>Whether a run's folder can have this name.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 100
        && name[0] != '.'
        && name != Latest
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}

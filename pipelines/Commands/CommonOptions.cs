using System.CommandLine;

namespace NoisyNN.Pipelines.Commands;

/// <summary>Options that several commands take, under one name with one meaning.</summary>
static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print the figures as JSON on standard output, and nothing else there." };

    public static Option<string?> Data(string description) => new("--data") { Description = description, HelpName = "NAME|DIR" };

    public static Option<int> BatchSize() => new("--batch-size")
    {
        Description = "Rows that are scored at once.",
        HelpName = "N",
        DefaultValueFactory = _ => 64,
        Validators = { result => { if (result.GetValueOrDefault<int>() < 1) result.AddError("--batch-size must be at least 1."); } },
    };

    public static Option<bool> SkipUnreadable() => new("--skip-unreadable") { Description = "Skip and count images that cannot be read instead of stopping at the first." };
}

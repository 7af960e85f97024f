namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>How the program was installed, which decides the remedy for missing files.</summary>
static class Installation
{
    /// <summary>Whether the program was built in a checkout; otherwise it was installed as a tool.</summary>
    static readonly bool s_isCheckout = IsCheckout(AppContext.BaseDirectory);

    /// <summary>How to get the native libraries, as a sentence.</summary>
    public static string Remedy { get; } =
        s_isCheckout ? "Run './noisynn setup'." : "Install the program again: 'dotnet tool update --global noisynn'.";

    /// <summary>How to get the native libraries, and how to see what is still missing.</summary>
    public static string RemedyAndCheck { get; } =
        s_isCheckout
            ? "Run './noisynn setup', then './noisynn doctor' to see what is missing."
            : "Run 'noisynn doctor' to see what is missing.";

    /// <summary>Whether a folder lies in a checkout of this project.</summary>
    internal static bool IsCheckout(string folder)
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "Pipelines.sln")))
                return true;
        }
        return false;
    }
}

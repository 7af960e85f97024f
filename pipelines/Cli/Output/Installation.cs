namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>Where the program came from, which decides how to get what is missing.</summary>
static class Installation
{
    /// <summary>Whether the program was built in a checkout. A tool was installed.</summary>
    static readonly bool s_isCheckout = IsCheckout(AppContext.BaseDirectory);

    /// <summary>Gets the native libraries, as a sentence.</summary>
    public static string Remedy { get; } =
        s_isCheckout ? "Run './noisynn setup'." : "Install the program again: 'dotnet tool update --global noisynn'.";

    /// <summary>Gets them, and shows what is missing then.</summary>
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

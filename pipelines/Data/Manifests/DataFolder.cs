namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>
/// The folder for the data sets that the user fetches; each has a subfolder. <see cref="FileLocator"/> finds them there.
/// </summary>
/// <remarks>
/// The folder of a data set is <c>$NOISYNN_DATA/NAME</c>, else <c>$XDG_DATA_HOME/noisynn/NAME</c>, else
/// <c>~/.local/share/noisynn/NAME</c>. On Windows, <c>%LocalAppData%\noisynn\NAME</c> takes the place of the last two.
/// </remarks>
static class DataFolder
{
    /// <summary>The folder of a data set; null if the environment names no home folder.</summary>
    public static string? Find(string dataSet) =>
        FileLocator.DataRoot() is { } root ? Path.GetFullPath(Path.Combine(root, dataSet)) : OfUser(dataSet);

    /// <summary>The folder of a data set.</summary>
    /// <exception cref="InvalidOperationException">The environment names no home folder.</exception>
    public static string Require(string dataSet) =>
        Find(dataSet)
        ?? throw new InvalidOperationException(
            $"There is no folder to put {dataSet} into, because HOME is not set. Set "
                + $"HOME, XDG_DATA_HOME or {FileLocator.DataRootVariable}, "
                + "or name a folder with --into FOLDER."
        );

    /// <summary>The folder of a data set below the user's home, whatever <c>NOISYNN_DATA</c> says; null if there is no home.</summary>
    public static string? OfUser(string dataSet) => UserRoot() is { } root ? Path.Combine(root, "noisynn", dataSet) : null;

    /// <summary>
    /// A folder of images: the path as it is or, if there is no such folder, the folder of that name among the data sets of the user.
    /// </summary>
    public static string OfImages(string path) =>
        Directory.Exists(path) || Path.IsPathRooted(path) ? path
        : Find(path) is { } folder && Directory.Exists(folder) ? folder
        : path;

    static string? UserRoot()
    {
        if (OperatingSystem.IsWindows())
            return NullIfEmpty(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            );
        // The XDG specification ignores relative paths.
        if (NullIfEmpty(Environment.GetEnvironmentVariable("XDG_DATA_HOME")) is { } root && Path.IsPathRooted(root))
            return root;
        return NullIfEmpty(Environment.GetEnvironmentVariable("HOME")) is { } home && Path.IsPathRooted(home)
            ? Path.Combine(home, ".local", "share")
            : null;
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

using System.Security.Cryptography;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Isolation;

namespace NoisyNN.Pipelines.Trust;

/// <summary>
/// The models that this user's noisynn has exported: a list of hashes in the user's own folder, as direnv has one of the files that it may
/// load. What a model says about its origin can be forged; that its content stands in this list cannot be, without the user's rights.
/// </summary>
/// <remarks>
/// That is <c>$XDG_STATE_HOME/noisynn/exported-models</c>, else <c>~/.local/state/noisynn/exported-models</c>; on Windows the folder for
/// local data of applications. A list that others can write does not count, and without a list every model is a stranger's.
/// </remarks>
static class ExportedModels
{
    /// <summary>The limits to run a model in; null for a model of this user's, and for one that the user trusts.</summary>
    /// <param name="modelFile">The ONNX file.</param>
    /// <param name="isTrusted">Whether the user says so.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The model is not readable, or refused as unsafe.</exception>
    public static ModelIsolation? IsolationOf(string modelFile, bool isTrusted) =>
        isTrusted || Contains(modelFile) ? null : new ModelIsolation();

    /// <summary>Whether this user's noisynn has exported a model of this content.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The model is not readable, or refused as unsafe.</exception>
    public static bool Contains(string modelFile)
    {
        try
        {
            return ListFile() is { } list
                && File.Exists(list)
                && IsOwn(list)
                && IsOwn(Path.GetDirectoryName(list)!)
                && File.ReadLines(list).Contains(HashOf(modelFile), StringComparer.Ordinal);
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException and not FileNotFoundException)
        {
            // A list that cannot be read lists nothing: the model then runs in a process of its own, with the same results.
            return false;
        }
    }

    /// <summary>Adds a model that was exported just now.</summary>
    public static void Add(string modelFile)
    {
        if (ListFile() is not { } list || !File.Exists(modelFile))
            return;
        try
        {
            CreateFolder(Path.GetDirectoryName(list)!);
            if (Contains(modelFile))
                return;
            // One short write at the end of the file: runs that end together do not tear each other's lines.
            using var file = new FileStream(list, ListOptions());
            file.Write(System.Text.Encoding.ASCII.GetBytes(HashOf(modelFile) + "\n"));
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            // Without a home, or on a full disk, the model will run in a process of its own, with the same results.
        }
    }

    /// <summary>The SHA-256 of a model and of the files of its weights.</summary>
    static string HashOf(string modelFile)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in OnnxFile.Parts(modelFile))
        {
            using var content = File.OpenRead(part);
            hash.AppendData(SHA256.HashData(content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static string? ListFile()
    {
        var root =
            OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state) ? state
            : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home && Path.IsPathRooted(home)
                ? Path.Combine(home, ".local", "state")
            : "";
        return root.Length == 0 ? null : Path.Combine(root, "noisynn", "exported-models");
    }

    static bool IsOwn(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;

    static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static FileStreamOptions ListOptions()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}

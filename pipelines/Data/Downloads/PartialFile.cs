using System.Net.Http.Headers;
using System.Security.Cryptography;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>
/// A file that is being fetched. Its bytes lie in <c>NAME.part</c> until they are complete and right; then they get their name. Only one
/// process at a time holds the file. A later process continues what an earlier one left.
/// </summary>
/// <remarks>
/// <c>NAME.part.version</c> keeps the version (<c>ETag</c> or <c>Last-Modified</c>) that the server gave the bytes, so that a later request
/// continues that version only. The SHA-256 of the manifest, not this version, decides whether the file is right.
/// </remarks>
sealed class PartialFile : IDisposable
{
    const int BufferSize = 1 << 17;

    // EAGAIN of Linux and macOS, ERROR_SHARING_VIOLATION of Windows.
    static readonly int[] s_inUse = [11, 35, unchecked((int)0x80070020)];

    readonly string _path;
    readonly FileStream _stream;
    IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    PartialFile(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Bytes that are there.</summary>
    public long Length => _stream.Length;

    /// <summary>The version of these bytes; null if the server gave none that a request can continue.</summary>
    public RangeConditionHeaderValue? Version { get; private set; }

    /// <summary>Opens the partial file, which may be empty; null while another process holds it.</summary>
    /// <param name="path">The name that the file gets in the end.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static PartialFile? TryOpen(string path)
    {
        try
        {
            return Writing(
                path,
                () =>
                {
                    var part = new PartialFile(
                        path,
                        new FileStream(PartOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
                    );
                    part.ReadBack();
                    return part;
                }
            );
        }
        catch (IOException exception) when (s_inUse.Contains(exception.HResult))
        {
            return null;
        }
    }

    /// <summary>Drops all bytes and records the version of those that follow.</summary>
    public void Restart(RangeConditionHeaderValue? version = null) =>
        Writing(
            _path,
            () =>
            {
                _stream.SetLength(0);
                _hash.Dispose();
                _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Version = version;
                if (version is null)
                    File.Delete(VersionOf(_path));
                else
                    File.WriteAllText(VersionOf(_path), version.ToString());
                return true;
            }
        );

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception exception) when (WriteFailure.Is(exception))
        {
            throw Refusal(_path, exception);
        }
        _hash.AppendData(bytes);
    }

    /// <summary>The SHA-256 of the bytes that are there, as lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Flushes the bytes to the disk and gives the file its name.</summary>
    public void Complete() =>
        Writing(
            _path,
            () =>
            {
                _stream.Flush(flushToDisk: true);
                // Windows cannot rename a file that is held. Elsewhere the file is held until it has its name, so that no other process
                // takes it for unfinished.
                if (OperatingSystem.IsWindows())
                    _stream.Dispose();
                File.Move(PartOf(_path), _path, overwrite: true);
                _stream.Dispose();
                FolderEntries.Flush(Path.GetDirectoryName(_path)!);
                File.Delete(VersionOf(_path));
                return true;
            }
        );

    /// <summary>Removes a partial file that is not needed, because the complete file exists.</summary>
    public void Discard() =>
        Writing(
            _path,
            () =>
            {
                if (OperatingSystem.IsWindows())
                    _stream.Dispose();
                File.Delete(PartOf(_path));
                File.Delete(VersionOf(_path));
                return true;
            }
        );

    public void Dispose()
    {
        if (_stream.CanSeek && Length == 0)
            RemoveEmpty();
        _stream.Dispose();
        _hash.Dispose();
    }

    /// <summary>The path of the bytes until the file is complete.</summary>
    public static string PartOf(string path) => $"{path}.part";

    /// <summary>The path of their version.</summary>
    public static string VersionOf(string path) => $"{path}.part.version";

    /// <summary>Hashes what an earlier process left, and moves the stream to its end.</summary>
    void ReadBack()
    {
        var buffer = new byte[BufferSize];
        for (int count; (count = _stream.Read(buffer)) > 0; )
            _hash.AppendData(buffer, 0, count);
        if (
            Length > 0
            && File.Exists(VersionOf(_path))
            && RangeConditionHeaderValue.TryParse(File.ReadAllText(VersionOf(_path)), out var version)
        )
            Version = version;
    }

    void RemoveEmpty()
    {
        try
        {
            Discard();
        }
        catch (IOException)
        {
            // It is empty, so the next call can use it.
        }
    }

    static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (WriteFailure.Is(exception) && !s_inUse.Contains(exception.HResult))
        {
            throw Refusal(path, exception);
        }
    }

    static IOException Refusal(string path, Exception cause)
    {
        var folder = Path.GetDirectoryName(path)!;
        var reason =
            WriteFailure.Explain(folder, cause)
            ?? (
                Directory.Exists(path) || Directory.Exists(PartOf(path))
                    ? "a folder has its name. Remove that folder."
                    : $"the system denies writing in '{folder}'. Allow it, or name another folder with --into FOLDER."
            );
        return new IOException($"'{path}' cannot be written: {reason}", cause);
    }
}

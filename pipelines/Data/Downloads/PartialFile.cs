using System.Net.Http.Headers;
using System.Security.Cryptography;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Data.Downloads;

/// <summary>
/// A file on its way: its bytes lie in <c>NAME.part</c> until they are all there and right, and then get their name. One process at a time
/// holds it, and a later process continues what an earlier one left.
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

    /// <summary>The version of the bytes that are there, if the server gave one that a request can continue.</summary>
    public RangeConditionHeaderValue? Version { get; private set; }

    /// <summary>Opens the part of a file, or an empty one; null while another process holds it.</summary>
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

    /// <summary>Drops all bytes; those that follow are of the given version.</summary>
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

    /// <summary>SHA-256 of the bytes that are there, as lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Puts the bytes on the disk and gives the file its name.</summary>
    public void Complete() =>
        Writing(
            _path,
            () =>
            {
                _stream.Flush(flushToDisk: true);
                // Windows renames no file that is held. Elsewhere it is held until it has its name: no other process takes it for
                // unfinished.
                if (OperatingSystem.IsWindows())
                    _stream.Dispose();
                File.Move(PartOf(_path), _path, overwrite: true);
                _stream.Dispose();
                FolderEntries.Flush(Path.GetDirectoryName(_path)!);
                File.Delete(VersionOf(_path));
                return true;
            }
        );

    /// <summary>Removes a part that is not needed, because the file is there under its name.</summary>
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

    /// <summary>Where the bytes of a file lie until it is complete.</summary>
    public static string PartOf(string path) => $"{path}.part";

    /// <summary>Where their version lies.</summary>
    public static string VersionOf(string path) => $"{path}.part.version";

    /// <summary>Hashes what an earlier process left, and leaves the stream at its end.</summary>
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
            // It is empty: the next call uses it as it is.
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

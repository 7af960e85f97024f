using System.Security.Cryptography;
using System.Text;

namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>SHA-256 of contents, as lower-case hexadecimal.</summary>
public static class ContentHash
{
    /// <summary>The hash of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The hash of the rest of a stream.</summary>
    public static string Of(Stream content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>
    /// One hash for a whole data set, over the lines <c>sha256, two spaces, name, line feed</c> in ordinal order. It is what <c>sha256sum
    /// FILES | LC_ALL=C sort | sha256sum</c> prints.
    /// </summary>
    public static string OfListing(IEnumerable<(string Sha256, string Name)> files)
    {
        var lines = files.Select(file => $"{file.Sha256}  {file.Name}\n").Order(StringComparer.Ordinal);
        return Of(Encoding.UTF8.GetBytes(string.Concat(lines)));
    }
}

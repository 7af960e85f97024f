using System.Text;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>The file names that a search of a folder takes for images. The content of a file, not its name, decides its format.</summary>
static class ImageFileNames
{
    static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    /// <summary>The endings as a list for messages.</summary>
    public static string Endings { get; } = string.Join(", ", s_endings);

    /// <summary>Why a file or folder with an unusable name cannot be read.</summary>
    public const string UnusableName = "its name is no valid UTF-8, so that it cannot be opened. Rename it (convmv -f latin1 -t utf8).";

    public static bool IsImage(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file was found, but cannot be opened under the name that .NET makes of bytes that are no UTF-8.</summary>
    public static bool IsUnusable(string path) => path.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path);

    /// <summary>
    /// Groups of names that look the same, because they differ in their Unicode form alone, as names from macOS and Linux do.
    /// </summary>
    public static IEnumerable<IGrouping<string, string>> SameLooks(IEnumerable<string> names) =>
        from name in names.Distinct(StringComparer.Ordinal)
        where !Ascii.IsValid(name) && !IsUnusable(name)
        group name by UnicodeForm.Decompose(name) into same
        where same.Count() > 1
        select same;
}

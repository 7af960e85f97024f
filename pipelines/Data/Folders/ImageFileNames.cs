namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>The file names that a search of a folder takes for images. The content of a file, not its name, decides its format.</summary>
static class ImageFileNames
{
    static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    /// <summary>The endings as a list for messages.</summary>
    public static string Endings { get; } = string.Join(", ", s_endings);

    public static bool IsImage(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}

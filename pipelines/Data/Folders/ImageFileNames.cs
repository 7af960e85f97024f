namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>The names of files that are taken for images when a folder is searched. What a file is, its content decides.</summary>
static class ImageFileNames
{
    static readonly string[] s_endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    /// <summary>The endings as a list for messages.</summary>
    public static string Endings { get; } = string.Join(", ", s_endings);

    public static bool IsImage(string path) => s_endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}

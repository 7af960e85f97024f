namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>Counts what a search for images left out, or took in a way that you may not expect: a sentence for each kind.</summary>
sealed class FolderRemains
{
    readonly List<string> _otherEndings = [];
    readonly List<string> _hidden = [];
    readonly List<string> _circles = [];
    readonly List<string> _linksOut = [];
    readonly List<string> _nested = [];
    readonly List<string> _unused = [];

    public void OtherEnding(string path) => _otherEndings.Add(path);

    public void Hidden(string path) => _hidden.Add(path);

    public void Circle(string path)
    {
        // The folders of classes are looked at more than once.
        if (!_circles.Contains(path))
            _circles.Add(path);
    }

    public void LinkOut(string path) => _linksOut.Add(path);

    /// <param name="path">An image in a folder below its class folder.</param>
    public void Nested(string path) => _nested.Add(path);

    /// <param name="path">A folder or an image beside the folders that are used.</param>
    public void Unused(string path) => _unused.Add(path);

    public IEnumerable<string> Sentences()
    {
        if (_unused.Count > 0)
            yield return $"{Count(_unused)} beside the folders of the splits or classes not used ({First(_unused)}).";
        if (_otherEndings.Count > 0)
            yield return $"{_otherEndings.Count} files do not end in {ImageFileNames.Endings} and were left out ({First(_otherEndings)}).";
        if (_hidden.Count > 0)
            yield return $"{_hidden.Count} hidden files or folders (their names begin with a dot) were left out ({First(_hidden)}).";
        if (_circles.Count > 0)
            yield return $"{_circles.Count} links lead back to a folder around them and were left out ({First(_circles)}).";
        if (_linksOut.Count > 0)
            yield return $"{_linksOut.Count} links lead out of the folder; the files there are used ({First(_linksOut)}).";
        if (_nested.Count > 0)
            yield return $"{_nested.Count} images lie in folders below a class folder; they belong to that class ({First(_nested)}).";
    }

    static string Count(List<string> paths) => paths.Count == 1 ? "1 folder or image is" : $"{paths.Count} folders or images are";

    static string First(List<string> paths) => paths.Count == 1 ? paths[0] : $"first: {paths[0]}";
}

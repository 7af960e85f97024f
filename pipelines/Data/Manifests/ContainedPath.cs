namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>Paths that must not leave a folder, symbolic links included.</summary>
static class ContainedPath
{
    const int MostLinks = 40;

    /// <summary>The real path of a file below a folder.</summary>
    /// <exception cref="InvalidDataException">A link leads out of the folder, or in circles.</exception>
    public static string Resolve(string folder, string relativePath)
    {
        var root = RealPath(folder);
        var path = RealPath(Path.Combine(root, relativePath));
        return path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new InvalidDataException(
                $"{Path.Combine(folder, relativePath)} leads out of {folder} (to {path}). Copy the file into the folder."
            );
    }

    /// <summary>The absolute path with every symbolic link replaced, in folders as in the file; missing parts stay as they are.</summary>
    /// <exception cref="InvalidDataException">The links lead in circles.</exception>
    public static string RealPath(string path)
    {
        var remaining = new Stack<string>(Steps(Path.GetFullPath(path)).Reverse());
        var resolved = Path.GetPathRoot(Path.GetFullPath(path))!;
        for (var links = 0; remaining.TryPop(out var step); )
        {
            var next = Path.Combine(resolved, step);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MostLinks)
                throw new InvalidDataException($"{path}: its symbolic links lead in circles.");
            // The target may contain links of its own, so its parts are resolved like all others.
            var absolute = Path.GetFullPath(target, resolved);
            resolved = Path.GetPathRoot(absolute)!;
            foreach (var targetStep in Steps(absolute).Reverse())
                remaining.Push(targetStep);
        }
        return resolved;

        static IEnumerable<string> Steps(string path) =>
            path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
    }
}

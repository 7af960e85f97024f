using System.Text.RegularExpressions;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Scoring.Shards;

/// <summary>
/// The folder of a table's shards, <c>TABLE.shards</c>. A shard is a file such as <c>0003-of-0016.0123456789ab.csv</c>; its name has the
/// fingerprint of the request. The file appears when it is complete. The first one has the header.
/// </summary>
sealed partial class ShardFolder
{
    const int FingerprintLength = 12;

    readonly string _table,
        _fingerprint;
    readonly int _count;

    ShardFolder(string table, int count, string request) => (_table, _count, _fingerprint) = (table, count, request[..FingerprintLength]);

    /// <summary>The folder.</summary>
    public string Path => PathOf(_table);

    /// <summary>The attempts of all shards.</summary>
    public string AttemptsPath => System.IO.Path.Combine(Path, ".attempts");

    /// <summary>The shards that have no file yet.</summary>
    public IReadOnlyList<Shard> Open => [.. Shard.Of(_count).Where(shard => !IsComplete(shard))];

    /// <summary>The folder for the shards of a table; it is not made.</summary>
    /// <param name="table">The table.</param>
    /// <param name="count">The number of shards.</param>
    /// <param name="request">The fingerprint of what is to be scored.</param>
    /// <exception cref="InvalidDataException">The folder holds shards of another request, or of another number of shards.</exception>
    public static ShardFolder For(string table, int count, string request)
    {
        var folder = new ShardFolder(table, count, request);
        if (Shards(folder.Path).FirstOrDefault(file => !folder.Has(file)) is { } stranger)
            throw new InvalidDataException(
                $"{stranger} belongs to another request: the model, the data, the number of shards or an option was another one. Give "
                    + "another file with --output, or discard the shards with --shards N --restart."
            );
        return folder;
    }

    /// <summary>Removes the shards of a table, of whatever request, and what is known about their attempts and jobs.</summary>
    public static void Discard(string table)
    {
        foreach (var file in Shards(PathOf(table)).ToList())
            File.Delete(file);
        foreach (var folder in (string[])[".attempts", ".slurm"])
            if (System.IO.Path.Combine(PathOf(table), folder) is var path && Directory.Exists(path))
                Directory.Delete(path, recursive: true);
    }

    /// <summary>The file of a shard.</summary>
    public string PathOf(Shard shard) =>
        System.IO.Path.Combine(
            Path,
            FormattableString.Invariant($"{shard.Number:0000}-of-{_count:0000}.{_fingerprint}{System.IO.Path.GetExtension(_table)}")
        );

    /// <summary>The name of a shard's attempts.</summary>
    public static string AttemptName(Shard shard) => FormattableString.Invariant($"{shard.Number:0000}");

    /// <summary>Whether a shard is complete.</summary>
    public bool IsComplete(Shard shard) => File.Exists(PathOf(shard));

    /// <summary>Writes the table from its shards, which stay.</summary>
    /// <returns>The number of its rows, without the header.</returns>
    /// <exception cref="InvalidOperationException">A shard is missing; the message names it.</exception>
    public long Join()
    {
        if (Open is { Count: > 0 } missing)
            throw new InvalidOperationException(
                $"{missing.Count} of {_count} shards are missing in {Path}: {string.Join(", ", missing.Take(10).Select(shard => shard.Number))}"
                    + $"{(missing.Count > 10 ? ", ..." : "")}. Score them first."
            );
        var records = 0L;
        AtomicFile.Write(
            _table,
            table =>
            {
                foreach (var shard in Shard.Of(_count))
                    records += Append(PathOf(shard), table, hasQuotes: ScoreTable.SeparatorOf(_table) == ',');
            }
        );
        return records - 1;
    }

    /// <summary>Copies a file, and counts its records: a line break within quotes ends none.</summary>
    static long Append(string shard, FileStream table, bool hasQuotes)
    {
        using var file = File.OpenRead(shard);
        var buffer = new byte[1 << 20];
        var (records, isQuoted) = (0L, false);
        while (file.Read(buffer) is > 0 and var length)
        {
            foreach (var letter in buffer.AsSpan(0, length))
                if (letter == '"' && hasQuotes)
                    isQuoted = !isQuoted;
                else if (letter == '\n' && !isQuoted)
                    records++;
            table.Write(buffer.AsSpan(0, length));
        }
        return records;
    }

    static string PathOf(string table) => $"{table}.shards";

    bool Has(string file) =>
        Name().Match(System.IO.Path.GetFileName(file)) is { Success: true } name
        && name.Groups["fingerprint"].Value == _fingerprint
        && name.Groups["count"].Value == FormattableString.Invariant($"{_count:0000}");

    static IEnumerable<string> Shards(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(file => Name().IsMatch(System.IO.Path.GetFileName(file))).Order()
            : [];

    // Unfinished ones, too.
    [GeneratedRegex(@"^\d{4,}-of-(?<count>\d{4,})\.(?<fingerprint>[0-9a-f]{12})(\.|$)")]
    private static partial Regex Name();
}

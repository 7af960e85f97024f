using System.Globalization;
using System.Text.Json;

namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>
/// Reads the part of Croissant 1.1 that describes labelled images: <c>FileObject</c>s with a hash and a size, a <c>cr:Split</c> and an
/// <c>sc:Enumeration</c> record set, and one record set of images and labels for each split. <see cref="ManifestFormat"/> has the formats.
/// </summary>
/// <remarks>
/// Properties that are not needed are ignored, as JSON-LD intends. Those that are needed are checked strictly. A package URL in
/// <c>sameAs</c> (<c>pkg:deb/debian/PACKAGE#PATH</c>) says where Debian installs a file.
/// </remarks>
sealed class CroissantReader
{
    const string Version = "http://mlcommons.org/croissant/1.1";
    const int LargestManifest = 16 << 20;

    readonly JsonLocation _root;
    readonly Dictionary<string, ManifestFile> _files = new(StringComparer.Ordinal);

    CroissantReader(JsonLocation root) => _root = root;

    public static DataManifest Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"There is no manifest at {path}.", path);
        if (file.Length > LargestManifest)
            throw new InvalidDataException($"{path}: {file.Length} bytes are too many for a manifest (limit {LargestManifest}).");
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }
            );
            return new CroissantReader(new JsonLocation(path, "$", document.RootElement)).ReadManifest(file.FullName);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // Bytes that are not UTF-8, or half a surrogate pair: they show only when the text is read.
            throw new InvalidDataException($"{path}: a text in it is not Unicode. Save the file as UTF-8.", exception);
        }
    }

    DataManifest ReadManifest(string path)
    {
        var conformsTo = _root.Find("dct:conformsTo") ?? _root["conformsTo"];
        if (!conformsTo.HasText(Version))
            throw conformsTo.Error($"must name \"{Version}\"");
        var name = _root["name"];
        if (!IsFileName(name.Text))
            throw name.Error($"names a folder of the cache, which \"{name.Text}\" cannot be");
        foreach (var required in (string[])["@context", "@type", "description", "license", "url", "creator", "datePublished"])
            _ = _root[required];

        foreach (var entry in _root["distribution"].Items)
        {
            var file = ReadFile(entry);
            if (!_files.TryAdd(file.Id, file))
                throw entry["@id"].Error($"repeats \"{file.Id}\"");
            if (_files.Values.Count(other => other.Name == file.Name) > 1)
                throw entry["name"].Error($"repeats \"{file.Name}\"");
        }

        var recordSets = _root["recordSet"].Items.ToList();
        var roles = ReadSplitRoles(Only("cr:Split"));
        var labels = ReadLabels(Only("sc:Enumeration"));
        var splits = new Dictionary<string, ManifestSplit>(StringComparer.Ordinal);
        foreach (var recordSet in recordSets.Where(set => set.Find("dataType") is null))
        {
            var split = ReadSplit(recordSet);
            if (!roles.TryGetValue(split.Split, out var role))
                throw recordSet.Error($"belongs to the split \"{split.Split}\", which is not declared");
            if (!splits.TryAdd(role, split))
                throw recordSet.Error($"is a second record set for {role}");
        }

        return new DataManifest
        {
            Path = path,
            Name = name.Text,
            Files = [.. _files.Values],
            Labels = labels,
            Train = Require("cr:TrainingSplit"),
            Validation = splits.GetValueOrDefault("cr:ValidationSplit"),
            Test = Require("cr:TestSplit"),
        };

        JsonLocation Only(string type)
        {
            var matches = recordSets.Where(set => set.Find("dataType")?.HasText(type) == true).ToList();
            return matches.Count == 1
                ? matches[0]
                : throw _root["recordSet"].Error($"must hold one record set of type {type}, not {matches.Count}");
        }

        ManifestSplit Require(string role) =>
            splits.TryGetValue(role, out var split) ? split : throw _root["recordSet"].Error($"has no images for {role}");
    }

    static ManifestFile ReadFile(JsonLocation entry)
    {
        if (!entry["@type"].HasText("cr:FileObject"))
            throw entry["@type"].Error("must be \"cr:FileObject\"; sets of files are not read");
        if (entry.Find("containedIn") is { } container)
            throw container.Error("is not supported: unpack the archive and list its files");

        var name = entry["name"];
        if (!IsFileName(name.Text))
            throw name.Error($"must be a file name without folders, not \"{name.Text}\"");

        var format = ManifestFormats.Read(entry["encodingFormat"]);

        var sha256 = entry["sha256"];
        if (sha256.Text.Length != 64 || !sha256.Text.All(char.IsAsciiHexDigit))
            throw sha256.Error($"must be 64 hexadecimal digits, not \"{sha256.Text}\"");

        var size = entry["contentSize"];
        var digits = size.Text.EndsWith(" B", StringComparison.Ordinal) ? size.Text[..^2] : size.Text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes > Array.MaxLength)
            throw size.Error($"must be the exact number of bytes, like \"29491 B\", and at most {Array.MaxLength}, not \"{size.Text}\"");

        var (url, relativePath) = ReadAddress(entry["contentUrl"]);
        return new ManifestFile(
            entry["@id"].Text,
            name.Text,
            url,
            relativePath,
            ReadDebian(entry.Find("sameAs")),
            bytes,
            sha256.Text.ToLowerInvariant()
        )
        {
            Format = format,
        };
    }

    static (Uri? Url, string? RelativePath) ReadAddress(JsonLocation address)
    {
        if (address.Text.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(address.Text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
                ? (url, null)
                : throw address.Error($"must be an https address or a path below the manifest's folder, not \"{address.Text}\"");
        return address.Text.Split('/').All(IsFileName)
            ? (null, address.Text)
            : throw address.Error($"must stay below the manifest's folder, which \"{address.Text}\" does not");
    }

    static DebianLocation? ReadDebian(JsonLocation? sameAs)
    {
        const string prefix = "pkg:deb/debian/";
        foreach (var address in sameAs?.Items ?? [])
        {
            if (!address.Text.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var parts = address.Text[prefix.Length..].Split('#');
            var package = parts[0].Split('?', '@')[0];
            if (
                parts.Length != 2
                || package.Length == 0
                || !package.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.')
                || !parts[1].Split('/').All(IsFileName)
            )
                throw address.Error(
                    $"must be a package URL with the installed path, like \"{prefix}PACKAGE#usr/share/FILE\", not \"{address.Text}\""
                );
            return new DebianLocation(package, "/" + parts[1]);
        }
        return null;
    }

    static Dictionary<string, string> ReadSplitRoles(JsonLocation splits)
    {
        var nameId = splits["key"]["@id"].Text;
        var urlId = FieldOf(splits, "cr:Split")["@id"].Text;
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in splits["data"].Items)
        {
            if (row[urlId].Text is not ("cr:TrainingSplit" or "cr:ValidationSplit" or "cr:TestSplit"))
                throw row[urlId].Error($"must be cr:TrainingSplit, cr:ValidationSplit or cr:TestSplit, not \"{row[urlId].Text}\"");
            if (!IsFileName(row[nameId].Text) || !roles.TryAdd(row[nameId].Text, row[urlId].Text))
                throw row[nameId].Error($"must be a plain name that occurs once, not \"{row[nameId].Text}\"");
        }
        return roles;
    }

    static string[] ReadLabels(JsonLocation labels)
    {
        var indexId = labels["key"]["@id"].Text;
        var nameId = FieldOf(labels, "sc:Text")["@id"].Text;
        var rows = labels["data"].Items.ToList();
        var names = new string?[rows.Count];
        foreach (var row in rows)
        {
            var index = row[indexId].Integer;
            if (index < 0 || index >= names.Length || names[index] is not null)
                throw row[indexId].Error($"must number the classes 0 to {names.Length - 1}, each once, not {index}");
            if (names.Contains(row[nameId].Text, StringComparer.Ordinal))
                throw row[nameId].Error($"repeats \"{row[nameId].Text}\"");
            names[index] = row[nameId].Text;
        }
        return names.Length is >= 2 and <= 256
            ? [.. names.OfType<string>()]
            : throw labels["data"].Error($"must hold 2 to 256 classes, not {names.Length}");
    }

    ManifestSplit ReadSplit(JsonLocation recordSet)
    {
        var image = OnlyField(recordSet, field => field.Find("arrayShape") is not null, "with an \"arrayShape\", the image");
        var shape = image["arrayShape"];
        int[] sides =
        [
            .. shape
                .Text.Split(',', StringSplitOptions.TrimEntries)
                .Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0),
        ];
        var channels = sides.Length == 3 ? sides[0] : 1;
        if (sides.Length is not (2 or 3) || sides.Contains(0) || channels is not (1 or 3))
            throw shape.Error(
                $"must be height and width, like \"28,28\", or 1 or 3 channels before them, like \"3,32,32\", not \"{shape.Text}\""
            );

        var split = OnlyField(recordSet, field => field.Find("value") is not null, "with a constant \"value\", the split's name");
        var (images, labels) = (FileOf(image), FileOf(FieldOf(recordSet, "cr:Label")));
        if (images.Format != labels.Format || images.Format is not ManifestFormat.Idx && images != labels)
            throw recordSet.Error("must have its images and labels in two IDX files, or in one file of another format");
        return new ManifestSplit(split["value"].Text, images, labels, sides[^2], sides[^1]) { Channels = channels };
    }

    ManifestFile FileOf(JsonLocation field)
    {
        var reference = field["source"]["fileObject"]["@id"];
        return _files.TryGetValue(reference.Text, out var file)
            ? file
            : throw reference.Error($"refers to \"{reference.Text}\", which the distribution does not hold");
    }

    static JsonLocation FieldOf(JsonLocation recordSet, string type) =>
        OnlyField(recordSet, field => field.Find("dataType")?.HasText(type) == true, $"of type {type}");

    static JsonLocation OnlyField(JsonLocation recordSet, Func<JsonLocation, bool> condition, string description)
    {
        var matches = recordSet["field"].Items.Where(condition).ToList();
        return matches.Count == 1 ? matches[0] : throw recordSet["field"].Error($"must hold one field {description}, not {matches.Count}");
    }

    /// <summary>One step of a path that leads downwards on every system: no folders, drives, parents, control characters.</summary>
    static bool IsFileName(string text) =>
        text.Length is > 0 and <= 255
        && text is not ("." or "..")
        && !text.EndsWith('.')
        && text.Trim() == text
        && !text.Any(character => char.IsControl(character) || character is '/' or '\\' or ':');
}

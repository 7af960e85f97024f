using System.Net;
using System.Net.Sockets;
using NoisyNN.Pipelines.Data.Downloads;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class DataSetDownloadTests
{
    static readonly byte[] s_content = Content(3 << 20);
    static readonly DownloadOptions s_options = new()
    {
        FirstDelay = TimeSpan.FromMilliseconds(1),
        Patience = TimeSpan.FromSeconds(20),
        PollInterval = TimeSpan.FromMilliseconds(5),
    };

    [TestMethod]
    public void Files_arrive_under_their_names_and_are_not_fetched_twice()
    {
        using var folder = new TemporaryFolder();
        byte[] other = [1, 2, 3];
        using var server = new FileServer((request, _) => FileServer.Content(request, request.Path == "/other.gz" ? other : s_content));
        var manifest = Manifest(server.Address, ("images.gz", s_content), ("other.gz", other));
        var log = new Log();

        var first = Get(manifest, folder["data"], log);
        var second = Get(manifest, folder["data"], log);

        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["data/images.gz"]));
        Assert.AreSequenceEqual(other, File.ReadAllBytes(folder["data/other.gz"]));
        Assert.AreEqual(2, Directory.GetFiles(folder["data"]).Length);
        Assert.IsTrue(first.All(file => file.IsFetched));
        Assert.IsTrue(second.All(file => !file.IsFetched));
        Assert.AreEqual(2, server.Requests.Count);
        Assert.AreEqual(s_content.Length + 3, log.Bytes);
        Assert.AreEqual(s_content.Length + 3, log.Received);
    }

    [TestMethod]
    public void A_file_that_is_there_and_wrong_is_replaced()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));
        var damaged = s_content.ToArray();
        damaged[7] ^= 1;
        var path = folder.Write("images.gz", damaged);

        Assert.IsTrue(Get(Manifest(server.Address), folder.Path).Single().IsFetched);

        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void A_connection_that_breaks_is_continued_where_it_broke()
    {
        using var folder = new TemporaryFolder();
        const int cut = 100_000;
        using var server = new FileServer(
            (request, number) => FileServer.Content(request, s_content, "ETag: \"v1\"") with { CutAfter = number < 3 ? cut : null }
        );
        var log = new Log();

        Get(Manifest(server.Address), folder.Path, log);

        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
        Assert.AreSequenceEqual(new long?[] { null, cut, 2 * cut, 3 * cut }, server.Requests.Select(request => request.Range).ToArray());
        Assert.IsTrue(server.Requests.Skip(1).All(request => request.IfRange == "\"v1\""));
        Assert.AreEqual(s_content.Length, log.Received);
        Assert.Contains("trying again", string.Join('\n', log.Notes));
    }

    [TestMethod]
    [DataRow("ETag: \"v7\"", "\"v7\"")]
    [DataRow("ETag: W/\"v7\"", null)]
    [DataRow("Last-Modified: Fri, 25 Aug 2017 12:00:00 GMT", "Fri, 25 Aug 2017 12:00:00 GMT")]
    public void A_later_call_continues_the_version_that_an_earlier_one_began(string header, string? ifRange)
    {
        using var folder = new TemporaryFolder();
        using (var server = new FileServer((request, _) => FileServer.Content(request, s_content, header) with { CutAfter = 1000 }))
            Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path, options: s_options with { Attempts = 1 }));
        Assert.IsFalse(File.Exists(folder["images.gz"]));

        using var second = new FileServer((request, _) => FileServer.Content(request, s_content, header));
        Get(Manifest(second.Address), folder.Path);

        Assert.AreEqual(new FileRequest("/images.gz", 1000, ifRange), second.Requests.Single());
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
        Assert.AreEqual(1, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void A_server_that_ignores_ranges_sends_the_file_anew()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images.gz.part", s_content[..5000]);
        using var server = new FileServer((_, _) => new FileAnswer { Body = s_content });

        Get(Manifest(server.Address), folder.Path);

        Assert.AreEqual(5000, server.Requests.Single().Range);
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    [DataRow(416, "")]
    [DataRow(206, "Content-Range: bytes 0-9/10")]
    public void A_server_that_cannot_continue_is_asked_for_all_of_it(int status, string header)
    {
        using var folder = new TemporaryFolder();
        folder.Write("images.gz.part", s_content[..5000]);
        using var server = new FileServer(
            (request, number) =>
                number == 0
                    ? new FileAnswer { Status = status, Headers = header.Length > 0 ? [header] : [] }
                    : FileServer.Content(request, s_content)
        );

        Get(Manifest(server.Address), folder.Path);

        Assert.AreSequenceEqual(new long?[] { 5000, null }, server.Requests.Select(request => request.Range).ToArray());
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    public void A_part_that_is_whole_only_gets_its_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images.gz.part", s_content);
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));

        Get(Manifest(server.Address), folder.Path);

        Assert.AreEqual(0, server.Requests.Count);
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    [DataRow(5000)]
    [DataRow(3 << 20)]
    [DataRow((3 << 20) + 1)]
    public void A_part_that_is_wrong_is_fetched_once_more_from_the_start(int length)
    {
        using var folder = new TemporaryFolder();
        folder.Write("images.gz.part", new byte[length]);
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));

        Get(Manifest(server.Address), folder.Path);

        Assert.IsNull(server.Requests[^1].Range);
        Assert.IsLessThanOrEqualTo(2, server.Requests.Count);
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(5000, 2)]
    public void Another_file_at_the_address_is_refused_with_both_hashes_and_leaves_nothing(int continued, int requests)
    {
        using var folder = new TemporaryFolder();
        var wrong = s_content.ToArray();
        wrong[^1] ^= 1;
        if (continued > 0)
            folder.Write("images.gz.part", s_content[..continued]);
        using var server = new FileServer((request, _) => FileServer.Content(request, wrong));

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path));

        Assert.Contains($"SHA-256 expected {ContentHash.Of(s_content)}, found {ContentHash.Of(wrong)}", error.Message);
        Assert.AreEqual(requests, server.Requests.Count);
        Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void A_file_of_another_size_is_refused_before_its_bytes()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer((_, _) => new FileAnswer { Body = [1, 2, 3] });

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path));

        Assert.Contains($"has 3 bytes, not the {s_content.Length} of the manifest", error.Message);
        Assert.AreEqual(1, server.Requests.Count);
    }

    [TestMethod]
    public void No_more_bytes_than_the_manifest_says_are_written()
    {
        using var folder = new TemporaryFolder();
        byte[] endless = [.. s_content, .. s_content];
        var log = new Log();
        using var server = new FileServer((_, _) => new FileAnswer { Body = endless, DeclaredLength = -1 });

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path, log));

        Assert.Contains($"sends more than the {s_content.Length} bytes", error.Message);
        Assert.IsLessThanOrEqualTo(s_content.Length, log.Received);
        Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void An_answer_without_a_length_is_taken_to_its_end()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer((_, _) => new FileAnswer { Body = s_content, DeclaredLength = -1 });

        Get(Manifest(server.Address), folder.Path);

        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    public void A_server_that_fails_for_a_while_is_asked_again()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(
            (request, number) => number < 4 ? new FileAnswer { Status = 500 } : FileServer.Content(request, s_content)
        );

        Get(Manifest(server.Address), folder.Path);

        Assert.AreEqual(5, server.Requests.Count);
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    [DataRow(404, 1)]
    [DataRow(503, 5)]
    public void A_server_that_refuses_is_told_with_address_hash_and_folder(int status, int requests)
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer((_, _) => new FileAnswer { Status = status });

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path));

        Assert.Contains($"{server.Address}images.gz answered with {status}", error.Message);
        Assert.Contains(ContentHash.Of(s_content), error.Message);
        Assert.Contains($"put it into {folder.Path}", error.Message);
        Assert.AreEqual(requests, server.Requests.Count);
        Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void The_wait_that_a_server_asks_for_is_kept_up_to_a_limit()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        using var server = new FileServer(
            (request, number) =>
                number == 0 ? new FileAnswer { Status = 429, Headers = ["Retry-After: 3600"] } : FileServer.Content(request, s_content)
        );

        Get(Manifest(server.Address), folder.Path, log, s_options with { LongestDelay = TimeSpan.FromMilliseconds(300) });

        Assert.Contains("trying again in 0.3 s", string.Join('\n', log.Notes));
    }

    [TestMethod]
    public void A_server_that_falls_silent_is_left_and_asked_again_for_the_rest()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(
            (request, number) =>
                FileServer.Content(request, s_content) with
                {
                    CutAfter = number == 0 ? 70_000 : null,
                    Pause = number == 0 ? stop => Task.Delay(Timeout.Infinite, stop) : null,
                }
        );
        var log = new Log();

        Get(Manifest(server.Address), folder.Path, log, s_options with { Patience = TimeSpan.FromMilliseconds(500) });

        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
        Assert.AreEqual(70_000, server.Requests[1].Range);
        Assert.Contains("sent nothing for 0.5 s", string.Join('\n', log.Notes));
    }

    [TestMethod]
    public void Redirects_are_followed_a_few_times_with_the_range()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images.gz.part", s_content[..5000]);
        using var server = new FileServer(
            (request, number) =>
                number < 5
                    ? new FileAnswer { Status = 302, Headers = [$"Location: /step{number}"] }
                    : FileServer.Content(request, s_content)
        );

        Get(Manifest(server.Address), folder.Path);

        Assert.AreEqual(new FileRequest("/step4", 5000, null), server.Requests[5]);
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    [DataRow("/images.gz", 6, "redirects more than 5 times")]
    [DataRow("file:///etc/passwd", 1, "redirects to file:///etc/passwd, which is refused")]
    [DataRow("ftp://127.0.0.1/images.gz", 1, "redirects to ftp://127.0.0.1/images.gz, which is refused")]
    public void Redirects_in_circles_and_to_other_schemes_are_refused(string target, int requests, string reason)
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer((_, _) => new FileAnswer { Status = 302, Headers = [$"Location: {target}"] });

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path));

        Assert.Contains(reason, error.Message);
        Assert.AreEqual(requests, server.Requests.Count);
    }

    [TestMethod]
    public void A_machine_without_a_network_is_told_what_to_put_where_for_every_file()
    {
        using var folder = new TemporaryFolder();
        byte[] other = [1, 2, 3];
        var manifest = Manifest(ClosedPort(), ("images.gz", s_content), ("other.gz", other));
        var log = new Log();

        var error = Assert.ThrowsExactly<IOException>(() => Get(manifest, folder.Path, log));

        Assert.StartsWith($"{manifest.Files[0].Url} cannot be reached (", error.Message);
        Assert.EndsWith(
            $"get images.gz with the SHA-256 {ContentHash.Of(s_content)} from another machine and put it into {folder.Path}.",
            error.Message
        );
        Assert.Contains($"also missing: other.gz, SHA-256 {ContentHash.Of(other)}, from {manifest.Files[1].Url}", log.Notes);
        Assert.AreEqual(1, log.Notes.Count(note => note.Contains("trying again", StringComparison.Ordinal)));
        Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public async Task An_interrupted_download_keeps_its_part_for_the_next_call()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        using var server = new FileServer(
            (request, number) =>
                FileServer.Content(request, s_content) with
                {
                    CutAfter = number == 0 ? 70_000 : null,
                    Pause = number == 0 ? stop => Task.Delay(Timeout.Infinite, stop) : null,
                }
        );
        var log = new Log();
        log.AfterReceiving(70_000, cancellation.Cancel);

        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            new DataSetDownload(Manifest(server.Address), folder.Path, log, s_options).RunAsync(cancellation.Token)
        );
        Assert.AreEqual(70_000, new FileInfo(folder["images.gz.part"]).Length);
        Get(Manifest(server.Address), folder.Path);

        Assert.AreEqual(70_000, server.Requests[1].Range);
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
    }

    [TestMethod]
    public async Task Of_two_that_fetch_the_same_file_one_waits_and_finds_it()
    {
        using var folder = new TemporaryFolder();
        var isWaiting = new TaskCompletionSource();
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));
        using var slow = new FileServer(
            (request, number) =>
                FileServer.Content(request, s_content) with
                {
                    CutAfter = number == 0 ? 70_000 : null,
                    Pause = number == 0 ? stop => isWaiting.Task.WaitAsync(stop) : null,
                }
        );
        var (first, second) = (new Log(), new Log());
        var hasBegun = new TaskCompletionSource();
        first.AfterReceiving(70_000, hasBegun.SetResult);
        second.AtNote("waiting for it", isWaiting.SetResult);

        var one = new DataSetDownload(Manifest(slow.Address), folder.Path, first, s_options).RunAsync();
        await hasBegun.Task;
        var two = new DataSetDownload(Manifest(server.Address), folder.Path, second, s_options).RunAsync();
        var files = await Task.WhenAll(one, two);

        Assert.AreSequenceEqual(new[] { true, false }, files.Select(fetched => fetched.Single().IsFetched).ToArray());
        Assert.AreSequenceEqual(s_content, File.ReadAllBytes(folder["images.gz"]));
        Assert.AreEqual(0, server.Requests.Count);
        Assert.AreEqual(1, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_told_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", [1]);

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(ClosedPort()), Path.Combine(file, "data")));

        Assert.Contains(Path.Combine(file, "data"), error.Message);
        Assert.Contains("--into FOLDER", error.Message);
    }

    [TestMethod]
    public void A_folder_in_the_place_of_a_file_is_told_by_its_name()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["images.gz"]);
        File.WriteAllBytes(folder["images.gz/inside"], [1]);
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));

        var error = Assert.ThrowsExactly<IOException>(() => Get(Manifest(server.Address), folder.Path));

        Assert.Contains($"'{folder["images.gz"]}' cannot be written: a folder has its name", error.Message);
    }

    [TestMethod]
    public void A_disk_without_room_is_told_before_a_byte_is_fetched()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images.gz.part", s_content[..1000]);
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));
        var needed = s_content.Length - 1000;

        var error = Assert.ThrowsExactly<IOException>(() =>
            Get(Manifest(server.Address), folder.Path, options: s_options with { AvailableBytes = _ => needed - 1 })
        );
        Assert.AreEqual(0, server.Requests.Count);
        Get(Manifest(server.Address), folder.Path, options: s_options with { AvailableBytes = _ => needed });

        Assert.Contains(FormattableString.Invariant($"needs {needed:N0} bytes more"), error.Message);
        Assert.Contains(FormattableString.Invariant($"has room for {needed - 1:N0}"), error.Message);
    }

    [TestMethod]
    [DataRow("images.gz")]
    [DataRow("images.gz.part")]
    [DataRow("images.gz.part.version")]
    public void A_link_in_the_folder_does_not_lead_a_download_out_of_it(string name)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        var target = elsewhere.Write("precious", [1, 2, 3]);
        File.CreateSymbolicLink(folder[name], target);
        using var server = new FileServer((request, _) => FileServer.Content(request, s_content));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Get(Manifest(server.Address), folder.Path));

        Assert.Contains("leads out of", error.Message);
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3 }, File.ReadAllBytes(target));
        Assert.AreEqual(0, server.Requests.Count);
    }

    [TestMethod]
    public void A_name_with_the_ending_of_parts_is_refused()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            Get(Manifest(ClosedPort(), ("images.gz.part", s_content)), folder.Path)
        );

        Assert.Contains("images.gz.part has the ending of unfinished downloads", error.Message);
    }

    static IReadOnlyList<FetchedFile> Get(DataManifest manifest, string folder, Log? log = null, DownloadOptions? options = null) =>
        new DataSetDownload(manifest, folder, log ?? new(), options ?? s_options).RunAsync().GetAwaiter().GetResult();

    static DataManifest Manifest(Uri address, params (string Name, byte[] Content)[] files)
    {
        ManifestFile[] declared =
        [
            .. (files.Length > 0 ? files : [("images.gz", s_content)]).Select(file => new ManifestFile(
                file.Name,
                file.Name,
                new Uri(address, file.Name),
                null,
                null,
                file.Content.Length,
                ContentHash.Of(file.Content)
            )),
        ];
        var split = new ManifestSplit("train", declared[0], declared[0], 1, 1);
        return new()
        {
            Path = "/nowhere/croissant.json",
            Name = "tiny",
            Files = declared,
            Labels = ["a", "b"],
            Train = split,
            Test = split,
        };
    }

    static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        return content;
    }

    /// <summary>An address where nobody listens.</summary>
    static Uri ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    sealed class Log : IDownloadObserver
    {
        readonly List<(long Bytes, Action Act)> _marks = [];
        (string Words, Action Act)? _words;

        public List<string> Notes { get; } = [];

        public long Bytes { get; private set; }

        public long Received { get; private set; }

        public void AfterReceiving(long bytes, Action act) => _marks.Add((bytes, act));

        public void AtNote(string words, Action act) => _words = (words, act);

        public void Note(string line)
        {
            Notes.Add(line);
            if (_words is { } mark && line.Contains(mark.Words, StringComparison.Ordinal))
                mark.Act();
        }

        public void Begin(long bytes) => Bytes += bytes;

        public void Progress(ManifestFile file, long present, long received)
        {
            Received += received;
            foreach (var mark in _marks.Where(mark => Received >= mark.Bytes).ToList())
            {
                _marks.Remove(mark);
                mark.Act();
            }
        }
    }
}

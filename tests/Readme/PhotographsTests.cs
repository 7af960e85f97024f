using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Readme;

/// <summary>The tutorial on one's own photographs, as it is written, on generated images.</summary>
[TestClass]
public sealed class PhotographsTests
{
    [TestMethod]
    public void Every_command_of_the_tutorial_works_in_its_order()
    {
        using var folder = new TemporaryFolder();
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "photographs.md"));
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            TakePhotographs(folder);
            File.WriteAllText("photos.yaml", page.Split("```yaml\n")[1].Split("```")[0]);
            string[] commands =
            [
                .. Regex.Matches(page, @"^\./noisynn (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value.Trim()),
            ];
            Assert.HasCount(5, commands);

            foreach (var command in commands)
            {
                var run = TestTerminal.Run([.. Words(command), .. Shorter(command)]);
                Assert.AreEqual(0, run.ExitCode, $"{command}: {run.Error}");
            }

            foreach (
                var file in (string[])
                    [
                        "runs/index.html",
                        "runs/photos/report.html",
                        "runs/photos/model.onnx",
                        "runs/photos/model-card.md",
                        "runs/photos-seeds/report.html",
                        "evaluation/predictions.csv",
                        "scores.csv",
                        "vanilla.onnx",
                    ]
            )
                Assert.IsTrue(File.Exists(file), file);
            var report = File.ReadAllText("runs/photos/report.html");
            foreach (
                var section in (string[])["The data", "Classes and errors", "Where the network looks", "Can its probabilities be trusted?"]
            )
                StringAssert.Contains(report, section);
            StringAssert.Contains(report, "Gaussian noise on the pixels helps on my photographs.");
            Assert.HasCount(21, File.ReadAllLines("scores.csv"), "a line for each photograph of a cat");
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    /// <summary>One epoch and one thread; the tutorial has time for more.</summary>
    static string[] Shorter(string command) =>
        command.StartsWith("train ", StringComparison.Ordinal) ? ["--threads", "1", "--set", "training.epochs=1"] : [];

    /// <summary>The words of a command line, with the quotes of a shell.</summary>
    static IEnumerable<string> Words(string command) =>
        Regex.Matches(command, "'([^']*)'|(\\S+)").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Groups[2].Value);

    /// <summary>A subject of its own colour and shape before a background that changes from photograph to photograph.</summary>
    static void TakePhotographs(TemporaryFolder folder)
    {
        for (var number = 0; number < 20; number++)
            foreach (var (name, isCat) in new[] { ("cats", true), ("dogs", false) })
            {
                var random = new Random(number + (isCat ? 100 : 0));
                var (left, top, light) = (random.Next(10, 40), random.Next(10, 30), random.Next(60, 200));
                folder.Write(
                    $"photos/{name}/{number + 1}.png",
                    ImageFiles.Png(
                        96,
                        72,
                        (x, y) =>
                            IsSubject(isCat, x - left, y - top)
                                ? (isCat ? ((byte)230, (byte)140, (byte)40) : ((byte)110, (byte)80, (byte)60))
                                : ((byte)(light + x / 3), (byte)light, (byte)(light + y / 2))
                    )
                );
            }
    }

    static bool IsSubject(bool isCat, int x, int y) =>
        isCat ? x is >= 0 and < 30 && y is >= 0 and < 20 : (x - 15) * (x - 15) + (y - 15) * (y - 15) < 200;

    static string ThisFile([CallerFilePath] string path = "") => path;
}

#!/usr/bin/env dotnet
// Writes the lists of public members anew: PublicAPI.Unshipped.txt beside the project file of each library gets what is public and not in
// PublicAPI.Shipped.txt.
//
//   dotnet run packaging/public-api.cs
#:property PublishAot=false
#:property RootNamespace=NoisyNN.Packaging

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

const string FirstLine = "#nullable enable";
var root = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;
foreach (var project in new[] { "transforms", "transforms/Entropy", "models" })
{
    var folder = Path.Combine(root, project);
    var list = Path.Combine(folder, "PublicAPI.Unshipped.txt");
    File.WriteAllText(list, FirstLine + "\n");
    var log = Path.GetTempFileName();
    // The compiler's log names each member that the lists lack, in the form that they have.
    using var build = Process.Start(
        "dotnet",
        ["build", folder, "-c", "Release", "--nologo", "-v", "quiet", "--no-incremental", $"-p:ErrorLog={log}%2cversion=2.1", "-p:PublicApiIsWritten=true"]
    );
    build.WaitForExit();
    if (build.ExitCode != 0)
        return build.ExitCode;
    var members = (
        from result in JsonNode.Parse(File.ReadAllText(log))!["runs"]![0]!["results"]!.AsArray()
        where (string?)result!["ruleId"] == "RS0016"
        select (string)result["properties"]!["customProperties"]!["PublicAPIName"]!
    ).Distinct().Order(StringComparer.Ordinal).ToList();
    File.WriteAllLines(list, [FirstLine, .. members]);
    Console.WriteLine($"{project}: {members.Count} public members");
}
return 0;

static string ThisFile([CallerFilePath] string path = "") => path;

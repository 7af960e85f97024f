#!/usr/bin/env bash
# Makes the packages, and uses them as a stranger would: in an empty folder, with an empty package cache. Runs the example of every README
# and the command line as a tool. The last line is 'N passed, N failed'. It fetches about 350 MB.
#
#   tests/packages.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d -t noisynn-packages-XXXXXX)
trap 'rm -rf "$work"' EXIT
feed=$work/feed
# A version that no registry can have.
version=0.1.0-local.$(date +%Y%m%d%H%M%S)
runtime=$(dotnet msbuild "$root/pipelines" -getProperty:RuntimeIdentifier)
passed=0 failed=0

say() { printf 'packages: %s\n' "$*" >&2; }

# shellcheck source=check.sh
source "$root/tests/check.sh"

finish() {
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] || exit 1
    exit 0
}

# lacks FILE PATTERN: fails, and shows the lines, if the file has some.
lacks() { if grep -iE "$2" "$1"; then echo "unwanted in $1"; return 1; fi; }

# The first block of a README in a language.
block() { awk -v start="\`\`\`$2" '$0 == start { inside = 1; next } inside && /^```/ { exit } inside' "$1"; }

# project NAME README: an empty program with the packages that the README says to add.
project() {
    mkdir -p "$work/$1"
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>'
        echo '<Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup><ItemGroup>'
        block "$2" '' | sed "s/libtorch-cpu-linux-x64/libtorch-cpu-$runtime/" | sed -nE \
            -e "s/^dotnet add package (NoisyNN\.[A-Za-z]+).*/<PackageReference Include=\"\1\" Version=\"$version\" \/>/p" \
            -e 's/^dotnet add package ([^ ]+) --version ([^ ]+).*/<PackageReference Include="\1" Version="\2" \/>/p'
        echo '</ItemGroup></Project>'
    } > "$work/$1/$1.csproj"
}

run_program() { cd "$work/$1" && dotnet run -c Release; }

# The example of a package's README, which is a whole program.
run_readme() {
    project "$1" "$root/$2/README.md"
    block "$root/$2/README.md" csharp > "$work/$1/Program.cs"
    run_program "$1"
}

# The pipeline of the project's README, with images for it.
run_pipeline() {
    project Pipeline "$root/models/README.md"
    block "$root/README.md" csharp | awk '
        !begun && !/^using / && NF { print "using Microsoft.ML.Data;\nIDataView train = Image.Make(60), validation = Image.Make(20), images = Image.Make(70);"; begun = 1 }
        { print }' > "$work/Pipeline/Program.cs"
    cat >> "$work/Pipeline/Program.cs" << 'EOF'

if (scores.GetColumn<float[]>("Score").Count(row => Math.Abs(row.Sum() - 1) < 1e-4) != 70)
    throw new InvalidOperationException("The scores are no probabilities.");

sealed class Image
{
    [VectorType(1, 28, 28)]
    public float[] Pixels { get; set; } = [];
    public string Label { get; set; } = "";

    public static IDataView Make(int count)
    {
        var random = new Random(count);
        return new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(index => new Image
        {
            Pixels = [.. Enumerable.Range(0, 28 * 28).Select(_ => (float)random.Next(256))],
            Label = index % 2 == 0 ? "cat" : "dog",
        }).ToArray());
    }
}
EOF
    run_program Pipeline
}

# complete NAME FOLDER: what a package has beside its assembly, as NuGet has unpacked it.
complete() {
    local name=$1 folder=$2 file
    for file in README.md icon.png THIRD-PARTY-NOTICES.md; do
        [ -s "$folder/$file" ] || { echo "$name has no $file"; return 1; }
    done
    [ -f "$feed/$name.$version.snupkg" ] || [[ $name == noisynn* ]] || { echo "$name has no symbols"; return 1; }
    grep '<license type="expression">MIT</license>' "$folder"/*.nuspec
    grep '<tags>ML.NET ' "$folder"/*.nuspec
    # A library fits the very version that it was built with.
    grep -E 'id="NoisyNN\.' "$folder"/*.nuspec > "$work/references" || true
    [ "$(grep -c . "$work/references")" = "$(grep -cF "version=\"[$version]\"" "$work/references")" ]
    # The application chooses the native libraries of a library; a tool brings its own.
    [[ $name == NoisyNN.* ]] || return 0
    cat "$folder"/*.nuspec > "$work/nuspec"
    lacks "$work/nuspec" 'id="(libtorch|TorchSharp-|Microsoft\.ML\.OnnxRuntime"|Microsoft\.ML\.OnnxRuntime\.Gpu)'
}

library() { complete "$1" "$work/cache/${1,,}/$version"; }

no_torch() {
    find "$work/Transforms/bin" -type f > "$work/files"
    grep -q 'NoisyNN.Transforms.dll$' "$work/files"
    lacks "$work/files" '/[^/]*torch[^/]*$'
}

tool() { "$work/tools/noisynn" "$@"; }

install_tool() { cd "$work" && dotnet tool install noisynn --version "$version" --tool-path "$work/tools"; }

# The demo's data may be missing, which makes doctor's exit code 1; the engines may not.
doctor() {
    tool doctor > "$work/doctor" || true
    cat "$work/doctor"
    lacks "$work/doctor" 'not usable'
    grep -qE '^ *torch +0\.107' "$work/doctor"
    grep -qE '^ *onnxruntime +1\.31' "$work/doctor"
}

# The network that the models' README exports, on one picture.
score() {
    mkdir -p "$work/photos"
    cp "$work/cache/noisynn.models/$version/icon.png" "$work/photos"
    tool score "$work/Models/model.onnx" "$work/photos" --output "$work/scores.csv"
    [ "$(wc -l < "$work/scores.csv")" = 2 ]
}

say "packing version $version"
check 'the packages are made' env PACKAGE_VERSION="$version" "$root/packaging/pack" "$feed" "$runtime"
[ "$failed" = 0 ] || finish
rm -rf "$feed/build"

# From here on: this feed, the registries of the machine, and nothing else.
export NUGET_PACKAGES=$work/cache
cp "$root/global.json" "$work"
cat > "$work/nuget.config" << EOF
<configuration><packageSources><add key="local" value="$feed" /></packageSources></configuration>
EOF

check "the example of transforms/README.md runs" run_readme Transforms transforms
check "NoisyNN.Transforms alone brings no torch" no_torch
check "the example of transforms/Entropy/README.md runs" run_readme Entropy transforms/Entropy
check "the example of models/README.md runs" run_readme Models models
check "the pipeline of README.md runs" run_pipeline
for package in NoisyNN.Transforms NoisyNN.Entropy NoisyNN.Models; do
    check "$package is complete" library "$package"
done
check "the tool installs" install_tool
check "noisynn is complete" complete noisynn "$work/tools/.store/noisynn/$version/noisynn/$version"
check "noisynn doctor finds its engines" doctor
check "noisynn networks lists them" tool networks
check "noisynn score scores an exported network" score
finish

# The project's verbs, the very commands that .ci/run calls: ./build.ps1 build | test | format | bench
param([ValidateSet('build', 'test', 'format', 'bench')][string]$Verb = 'build')
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
switch ($Verb) {
    'build'  { dotnet build ChatAkka.sln -c Release -warnaserror }
    'test'   { dotnet test ChatAkka.sln }
    'format' { dotnet format ChatAkka.sln --severity warn }
    'bench'  { dotnet run --project tests/Benchmarks -c Release -- @args }
}
exit $LASTEXITCODE

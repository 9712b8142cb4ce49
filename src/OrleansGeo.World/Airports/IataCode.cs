using System.Diagnostics.CodeAnalysis;

namespace OrleansGeo.World.Airports;

/// <summary>The shape of an airport code: 3 or 4 characters <c>A-Z</c> and <c>0-9</c>.</summary>
internal static class IataCode
{
    public static bool IsValid([NotNullWhen(true)] string? code) =>
        code is { Length: 3 or 4 } && code.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    /// <summary>The code as one number, so that looking it up needs no string. 0 for anything that is too short or too long.</summary>
    public static uint Pack(ReadOnlySpan<byte> code) => code.Length switch
    {
        3 => (uint)((code[0] << 16) | (code[1] << 8) | code[2]),
        4 => ((uint)code[0] << 24) | (uint)((code[1] << 16) | (code[2] << 8) | code[3]),
        _ => 0,
    };
}

namespace OrleansGeo.Testing;

/// <summary>A WAN matrix that cannot be used. The message says what is wrong, and where.</summary>
public sealed class WanMatrixException : Exception
{
    /// <summary>Makes the refusal of a matrix.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <param name="innerException">The cause; null when there is none. Default null.</param>
    public WanMatrixException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

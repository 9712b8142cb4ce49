namespace OrleansGeo.Runtime.Links.Wan;

/// <summary>A WAN matrix that cannot be used. The message says what is wrong, and where.</summary>
public sealed class WanMatrixException : Exception
{
    public WanMatrixException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

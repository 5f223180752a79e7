const LARGE_BYTES = 2.5 * 1024 * 1024;
const LONGEST_SIDE = 3000;
const QUALITY = 0.88;

/** A large photograph at a size at which it can still be read; everything else, and what fails, as it is. */
export async function shrink(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= LARGE_BYTES || typeof createImageBitmap !== 'function') return file;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const brush = canvas.getContext('2d');
  if (!brush) return file;
  brush.fillStyle = '#fff'; // a JPEG has no transparency
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const smaller = await new Promise<Blob | null>((give) => canvas.toBlob(give, 'image/jpeg', QUALITY));
  return smaller && smaller.size < file.size ? new File([smaller], file.name, { type: 'image/jpeg' }) : file;
}
